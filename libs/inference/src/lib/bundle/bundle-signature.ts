import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { parseConfig, ConfigError } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { BundleProblem } from './bundle-problems.js';

const keyId = z.string().regex(/^[0-9a-f]{16}$/, 'must be 16 lower-case hex digits');

/** bundle.sig.json: an Ed25519 signature (RFC 8032) over the exact bytes of bundle.json. */
const signatureSchema = z.strictObject({
  algorithm: z.literal('ed25519'),
  keyId,
  signature: z.base64().length(88),
});

const trustedKeysSchema = z.strictObject({
  keys: z
    .array(
      z.strictObject({
        keyId: keyId.meta({ description: 'First 16 hex digits of the SHA-256 over the public key (SPKI, DER).' }),
        publicKey: z.base64().meta({ description: 'Ed25519 public key, SPKI in DER, base64.' }),
        note: z.string().meta({ description: 'Whose key it is and where its private half is kept.' }),
      }),
    )
    .min(1),
});

/** A public key whose bundles are accepted. */
export interface TrustedKey {
  readonly keyId: string;
  /** SPKI, DER, base64. */
  readonly publicKey: string;
}

/** Names a key by its content, so that a key cannot be exchanged under the same name. */
export function keyIdOf(publicKey: KeyObject): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
}

/** @throws ConfigError `bundle.keys-invalid` when the file cannot be read, is malformed or holds another kind of key */
export async function readTrustedKeys(file: string): Promise<readonly TrustedKey[]> {
  try {
    const { keys } = parseConfig(trustedKeysSchema, JSON.parse(await readFile(file, 'utf8')), file);
    for (const key of keys) openTrustedKey(key);
    return keys;
  } catch (error) {
    if (error instanceof ConfigError && error.code === 'bundle.keys-invalid') throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw new ConfigError('bundle.keys-invalid', `Trusted keys ${file} cannot be used: ${why}`, { cause: error });
  }
}

function openTrustedKey(key: TrustedKey): KeyObject {
  const problem = (why: string, cause?: unknown) =>
    new ConfigError('bundle.keys-invalid', `Trusted key ${key.keyId}: ${why}. Write it with "bundle-cli keygen".`, {
      cause,
    });
  let opened: KeyObject;
  try {
    opened = createPublicKey({ key: Buffer.from(key.publicKey, 'base64'), format: 'der', type: 'spki' });
  } catch (error) {
    throw problem('not a public key in SPKI', error);
  }
  if (opened.asymmetricKeyType !== 'ed25519') throw problem(`is ${String(opened.asymmetricKeyType)}, want ed25519`);
  if (keyIdOf(opened) !== key.keyId) throw problem(`its content has the id ${keyIdOf(opened)}`);
  return opened;
}

/** The only spelling of a signature file that is accepted: any other byte in it is tampering. */
function canonical(signature: z.infer<typeof signatureSchema>): string {
  const { algorithm, keyId: id, signature: value } = signature;
  return `${JSON.stringify({ algorithm, keyId: id, signature: Buffer.from(value, 'base64').toString('base64') }, null, 2)}\n`;
}

/** Content of bundle.sig.json. */
export function signManifest(manifest: Uint8Array, privateKey: KeyObject): string {
  const signature = sign(null, manifest, privateKey).toString('base64');
  return canonical({ algorithm: 'ed25519', keyId: keyIdOf(createPublicKey(privateKey)), signature });
}

/** The id of the key that signed, or the problem. */
export function checkSignature(
  manifest: Uint8Array,
  signatureBytes: Uint8Array,
  trustedKeys: readonly TrustedKey[],
): { readonly signedBy: string } | BundleProblem {
  const parsed = parseSignature(signatureBytes);
  if (parsed === null) {
    return { code: 'bundle.signature-malformed', message: 'bundle.sig.json is not a signature file of this format' };
  }
  const trusted = trustedKeys.find((key) => key.keyId === parsed.keyId);
  if (trusted === undefined) {
    const known = trustedKeys.map((key) => key.keyId).join(', ') || 'none';
    return { code: 'bundle.key-unknown', message: `signed by key ${parsed.keyId}; trusted are: ${known}` };
  }
  if (!verify(null, manifest, openTrustedKey(trusted), Buffer.from(parsed.signature, 'base64'))) {
    return {
      code: 'bundle.signature-invalid',
      message: `bundle.json does not match its signature by key ${parsed.keyId}`,
    };
  }
  return { signedBy: parsed.keyId };
}

function parseSignature(bytes: Uint8Array): z.infer<typeof signatureSchema> | null {
  const content = Buffer.from(bytes).toString('utf8');
  try {
    const parsed = signatureSchema.safeParse(JSON.parse(content));
    return parsed.success && canonical(parsed.data) === content ? parsed.data : null;
  } catch {
    return null;
  }
}
