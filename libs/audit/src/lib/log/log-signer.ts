import { createHash, createPrivateKey, createPublicKey, randomBytes, sign } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';
import { writeDurably } from './durable-files.js';

/** Signs checkpoints. A key in a TPM or HSM is another one of these. */
export interface LogSigner {
  readonly name: string;
  /** The first four bytes of the hash of name, kind and public key. @see C2SP signed-note */
  readonly keyId: Uint8Array;
  /** What a verifier is given out of band: `name+keyid+base64`. */
  readonly vkey: string;
  sign(text: Uint8Array): Promise<Uint8Array>;
}

/** Kinds of signatures in a note: plain Ed25519 of a log, and the timestamped one of a witness. */
export const signatureKinds = { log: 1, witness: 4 } as const;

/** PKCS #8 in front of the 32 bytes of an Ed25519 key. @see RFC 8410 */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex');

/**
 * The key in `folder/NAME-OF-FILE`, made with mode 0600 where there is none; its public half is put beside it as `.vkey`.
 * @throws ConfigError `audit.key` where the file is not ours, is another name's, or can be read by others
 */
export async function openSigner(options: {
  readonly folder: string;
  readonly file: string;
  readonly name: string;
  readonly kind?: 'log' | 'witness';
}): Promise<LogSigner> {
  const { folder, name } = options;
  const path = join(folder, options.file);
  const kind = signatureKinds[options.kind ?? 'log'];
  if (name === '' || /[\s+]/u.test(name))
    throw new ConfigError('audit.key', `The name of a key must not be empty or hold spaces or "+"; got "${name}"`);
  if (!existsSync(path)) {
    await mkdir(folder, { recursive: true });
    const seed = randomBytes(32);
    const text = `PRIVATE+KEY+${name}+${keyIdOf(name, kind, publicOf(seed)).toString('hex')}+${encoded(kind, seed)}\n`;
    await writeDurably(path, Buffer.from(text), 0o600);
  }
  if ((statSync(path).mode & 0o077) !== 0)
    throw new ConfigError('audit.key', `${path} can be read by others: change its mode to 0600`);
  const [, , foundName, , ...data] = readFileSync(path, 'utf8').trim().split('+');
  const bytes = Buffer.from(data.join('+'), 'base64');
  if (foundName !== name || bytes.length !== 33 || bytes[0] !== kind)
    throw new ConfigError('audit.key', `${path} is not the key of ${name}: name another folder, or the right origin`);
  const signer = signerOf(name, kind, bytes.subarray(1));
  await writeDurably(`${path}.vkey`, Buffer.from(`${signer.vkey}\n`), 0o644);
  return signer;
}

/** A signer from 32 secret bytes that somebody else keeps. */
export function signerOf(name: string, kind: 1 | 4, seed: Uint8Array): LogSigner {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
  const open = publicOf(seed);
  const keyId = keyIdOf(name, kind, open);
  return {
    name,
    keyId,
    vkey: `${name}+${keyId.toString('hex')}+${encoded(kind, open)}`,
    sign: async (text) => sign(null, text, key),
  };
}

function publicOf(seed: Uint8Array): Buffer {
  const key = createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' });
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32);
}

function keyIdOf(name: string, kind: number, open: Uint8Array): Buffer {
  return createHash('sha256').update(`${name}\n`).update(Uint8Array.of(kind)).update(open).digest().subarray(0, 4);
}

function encoded(kind: number, bytes: Uint8Array): string {
  return Buffer.concat([Uint8Array.of(kind), bytes]).toString('base64');
}
