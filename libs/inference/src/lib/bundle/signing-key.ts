import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { access, readFile, realpath, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';
import { keyIdOf, readTrustedKeys, type TrustedKey } from './bundle-signature.js';

const keyError = (message: string, cause?: unknown): ConfigError =>
  new ConfigError('bundle.signing-key', message, { cause });

/**
 * Writes a new private key (PKCS #8, PEM, readable by its owner only) and returns its public half. Never overwrites a
 * file, and never writes below a folder under version control.
 * @throws ConfigError `bundle.signing-key`
 */
export async function createSigningKey(file: string): Promise<TrustedKey> {
  const repository = await repositoryAbove(dirname(resolve(file)));
  if (repository !== null) {
    throw keyError(
      `${file} lies inside the repository ${repository}; a private key must stay outside of it. Choose another --out.`,
    );
  }
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  try {
    await writeFile(file, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw keyError(`${file} cannot be written: ${error instanceof Error ? error.message : 'unknown'}`, error);
  }
  return publicHalf(publicKey);
}

function publicHalf(publicKey: KeyObject): TrustedKey {
  return { keyId: keyIdOf(publicKey), publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
}

async function repositoryAbove(folder: string): Promise<string | null> {
  let at = await realpath(folder).catch(() => folder);
  for (let parent = dirname(at); ; at = parent, parent = dirname(at)) {
    if (await exists(join(at, '.git'))) return at;
    if (parent === at) return null;
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

/** @throws ConfigError `bundle.signing-key` when it is unreadable, of another kind, or readable by others than its owner */
export async function readSigningKey(file: string): Promise<KeyObject> {
  let key: KeyObject;
  try {
    const { mode } = await stat(file);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw keyError(`${file} can be read by others than its owner; run: chmod 600 ${file}`);
    }
    key = createPrivateKey(await readFile(file));
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw keyError(
      `${file} cannot be used as a signing key: ${error instanceof Error ? error.message : 'unknown'}`,
      error,
    );
  }
  if (key.asymmetricKeyType !== 'ed25519')
    throw keyError(`${file} is a ${String(key.asymmetricKeyType)} key, want ed25519`);
  return key;
}

/** The public half of a signing key, for the list of trusted keys. */
export function publicKeyOf(privateKey: KeyObject): TrustedKey {
  return publicHalf(createPublicKey(privateKey));
}

/** Adds a public key to a trusted-keys file, or starts the file. */
export async function trustKey(file: string, key: TrustedKey, note: string): Promise<void> {
  const known = (await exists(file)) ? await readTrustedKeys(file) : [];
  if (known.some((entry) => entry.keyId === key.keyId)) return;
  const draft = `${file}.draft`;
  await writeFile(draft, `${JSON.stringify({ keys: [...known, { ...key, note }] }, null, 2)}\n`);
  await rename(draft, file);
}
