import { scrypt, timingSafeEqual } from 'node:crypto';
import { DeviceError } from '@edge-blueprints/contracts';

/** 32 MB and some 100 ms of one core a try. Stored with each password, so that they can grow. @see RFC 7914 */
const cost = { n: 32_768, r: 8, p: 1 } as const;
const keyBytes = 32;
const pattern = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([A-Za-z0-9_-]+)\$([A-Za-z0-9_-]+)$/;

/** @param salt 16 random bytes @returns `scrypt$N$r$p$salt$key`, the last two base64url */
export async function hashPassword(password: string, salt: Uint8Array): Promise<string> {
  const key = await derive(password, salt, cost);
  const text = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url');
  return `scrypt$${cost.n}$${cost.r}$${cost.p}$${text(salt)}$${text(key)}`;
}

/** In constant time for a given cost. @throws DeviceError `users.hash-invalid` for text that `hashPassword` did not make */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const [, n, r, p, salt = '', key = ''] = pattern.exec(stored) ?? [];
  if (n === undefined)
    throw new DeviceError('users.hash-invalid', 'A stored password cannot be read; reset it for this user');
  const expected = Buffer.from(key, 'base64url');
  const found = await derive(password, Buffer.from(salt, 'base64url'), { n: Number(n), r: Number(r), p: Number(p) });
  return expected.length === found.length && timingSafeEqual(expected, found);
}

function derive(
  password: string,
  salt: Uint8Array,
  { n, r, p }: { readonly n: number; readonly r: number; readonly p: number },
): Promise<Buffer> {
  const maxmem = 256 * n * r;
  // Keyboards write the same letter as one code point or as two.
  const normal = password.normalize('NFKC');
  return new Promise((resolve, reject) => {
    scrypt(normal, salt, keyBytes, { N: n, r, p, maxmem }, (error, key) => (error ? reject(error) : resolve(key)));
  });
}
