import { createHash, createPublicKey, verify, type KeyObject } from 'node:crypto';

/** A key that the verifier was given out of band. */
export interface TrustedKey {
  readonly name: string;
  readonly kind: 'log' | 'witness';
  readonly id: Buffer;
  readonly key: KeyObject;
}

export interface Head {
  readonly origin: string;
  readonly size: number;
  readonly root: Buffer;
  readonly note: string;
}

export interface OpenedNote {
  readonly head: Head;
  /** Names of trusted keys whose signature holds; witnesses with the second they signed at. */
  readonly signedBy: readonly { readonly key: TrustedKey; readonly atS: number | undefined }[];
  /** Trusted names whose signature does not hold. */
  readonly broken: readonly string[];
  /** Names of signature lines by keys that were not given. */
  readonly unknown: readonly string[];
}

/** `name+keyid+base64` of a log or witness. Undefined where it is not one, or its id is not the one of its key. */
export function parseVkey(text: string): TrustedKey | undefined {
  const [, name, idHex, data] = /^([^+\s]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/.exec(text.trim()) ?? [];
  if (name === undefined || idHex === undefined || data === undefined) return undefined;
  const bytes = Buffer.from(data, 'base64');
  const kind = bytes[0] === 1 ? 'log' : bytes[0] === 4 ? 'witness' : undefined;
  const id = createHash('sha256').update(`${name}\n`).update(bytes).digest().subarray(0, 4);
  if (kind === undefined || bytes.length !== 33 || id.toString('hex') !== idHex) return undefined;
  const x = bytes.subarray(1).toString('base64url');
  return { name, kind, id, key: createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }) };
}

/** Most signature lines that are looked at. */
const maxSignatures = 100;

/** Reads a signed checkpoint strictly: every byte has one meaning. Undefined where the form is wrong. */
export function openNote(note: string, trusted: readonly TrustedKey[]): OpenedNote | undefined {
  const [text, signatures, ...rest] = note.split('\n\n');
  if (text === undefined || signatures === undefined || rest.length > 0 || !note.endsWith('\n')) return undefined;
  const [origin = '', size = '', root64 = '', ...extension] = text.split('\n');
  const root = strictBase64(root64);
  if (origin === '' || !/^(0|[1-9]\d{0,14})$/.test(size) || root?.length !== 32 || extension.length > 0)
    return undefined;
  const head: Head = { origin, size: Number(size), root, note };
  const lines = signatures.slice(0, -1).split('\n');
  if (lines.length > maxSignatures) return undefined;
  const signedBy: { key: TrustedKey; atS: number | undefined }[] = [];
  const [broken, unknown]: [string[], string[]] = [[], []];
  for (const line of lines) {
    const [, name, data64] = /^\u2014 ([^\s+]+) (\S+)$/u.exec(line) ?? [];
    const data = data64 === undefined ? undefined : strictBase64(data64);
    if (name === undefined || data === undefined || data.length < 5) return undefined;
    const key = trusted.find((one) => one.name === name && one.id.equals(data.subarray(0, 4)));
    if (key === undefined) {
      unknown.push(name);
      continue;
    }
    const result = checked(key, `${text}\n`, data.subarray(4));
    if (result === undefined) broken.push(name);
    else signedBy.push({ key, atS: result.atS });
  }
  return { head, signedBy, broken, unknown };
}

function checked(key: TrustedKey, text: string, signature: Buffer): { readonly atS: number | undefined } | undefined {
  if (key.kind === 'log') return verify(null, Buffer.from(text), key.key, signature) ? { atS: undefined } : undefined;
  if (signature.length !== 72) return undefined;
  const atS = signature.readBigUInt64BE(0);
  const message = Buffer.from(`cosignature/v1\ntime ${atS}\n${text}`);
  return verify(null, message, key.key, signature.subarray(8)) ? { atS: Number(atS) } : undefined;
}

/** Standard base64 that is spelled in the one right way. */
export function strictBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return text !== '' && bytes.toString('base64') === text ? bytes : undefined;
}
