import { createHash } from 'node:crypto';

/** UUIDv5 of `https://edge-blueprints.example/fhir/` in the URL namespace of RFC 4122. It must never change: ids follow from it. */
const namespace = 'bf1fda49-89ee-59fd-82cc-a0d28f6b3913';

/**
 * The id of a resource follows from what it is about, so that writing it again is the same PUT. UUIDv5 (RFC 4122, section 4.3) of
 * the resource type and the parts as a JSON array: no two lists of parts share a text.
 */
export function resourceId(resourceType: string, ...parts: readonly (string | number)[]): string {
  const space = Buffer.from(namespace.replaceAll('-', ''), 'hex');
  const hash = createHash('sha1')
    .update(space)
    .update(JSON.stringify([resourceType, ...parts]))
    .digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
