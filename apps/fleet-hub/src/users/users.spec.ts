import { createAttemptLimit, hashPassword, verifyPassword } from '@edge-blueprints/dashboard';
import { describe, expect, it } from 'vitest';
import { passwordProblems } from './password-rules.js';

describe('password hash', () => {
  it('fits its own password only, and the same password hashes differently under another salt', async () => {
    const stored = await hashPassword('correct horse', new Uint8Array(16).fill(1));
    expect(stored).toMatch(/^scrypt\$32768\$8\$1\$/);
    expect(stored).not.toContain('horse');
    expect(await verifyPassword('correct horse', stored)).toBe(true);
    expect(await verifyPassword('correct horsf', stored)).toBe(false);
    expect(await hashPassword('correct horse', new Uint8Array(16).fill(2))).not.toBe(stored);
  });

  it('takes a letter written as one or as two code points for the same', async () => {
    const stored = await hashPassword('Stra\u00dfe M\u00fcnchen', new Uint8Array(16));
    expect(await verifyPassword('Stra\u00dfe Mu\u0308nchen', stored)).toBe(true);
  });

  it('agrees with the test vector of RFC 7914 for its own parameters', async () => {
    const key = Buffer.from(
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
      'hex',
    );
    const stored = (bytes: Uint8Array) =>
      `scrypt$16384$8$1$${Buffer.from('SodiumChloride').toString('base64url')}$${Buffer.from(bytes).toString('base64url')}`;
    expect(await verifyPassword('pleaseletmein', stored(key.subarray(0, 32)))).toBe(true);
    await expect(verifyPassword('x', 'md5$abc')).rejects.toMatchObject({ code: 'users.hash-invalid' });
  });
});

describe('password rules', () => {
  it.each([
    ['short', 'ann', /at least 10/],
    ['aaaaaaaaaaaa', 'ann', /five different/],
    ['Password123456', 'ann', /well-known/],
    ['annannann-ann1', 'ann', /user name/],
    ['x'.repeat(200), 'ann', /at most 128/],
  ])('refuse %s for %s', (password, name, why) => {
    expect(passwordProblems(password, name).join()).toMatch(why);
  });

  it('take a long plain sentence', () => {
    expect(passwordProblems('seven green bottles', 'ann')).toEqual([]);
  });
});

describe('attempt limit', () => {
  it('closes after so many tries and opens when the oldest is a window old; a good try does not count', () => {
    let nowMs = 0;
    const limit = createAttemptLimit({ attempts: 3, windowMs: 1_000, maxKeys: 10, nowMs: () => nowMs });
    for (nowMs = 100; nowMs <= 300; nowMs += 100) limit.count('a');
    nowMs = 500;
    expect([limit.waitMs('a'), limit.waitMs('b')]).toEqual([600, 0]);
    limit.takeBack('a');
    expect(limit.waitMs('a')).toBe(0);
    limit.count('a');
    nowMs = 1_100;
    expect(limit.waitMs('a')).toBe(0);
  });

  it('remembers a bounded number of keys', () => {
    const limit = createAttemptLimit({ attempts: 1, windowMs: 1_000, maxKeys: 2, nowMs: () => 1 });
    for (const key of ['a', 'b', 'c']) limit.count(key);
    expect(['a', 'b', 'c'].map((key) => limit.waitMs(key) > 0)).toEqual([false, true, true]);
  });
});
