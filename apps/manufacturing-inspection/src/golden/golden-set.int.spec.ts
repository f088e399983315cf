import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeGray, encodePng } from '@edge-blueprints/cameras';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readGoldenSet } from './golden-set.js';

let folder: string;
const good = { name: 'good', image: 'a.png', template: 't.png', expected: 'pass' };
const bad = { name: 'bad', image: 'b.png', template: 't.png', expected: 'reject', labels: ['open'] };
const write = (set: unknown) => writeFileSync(join(folder, 'golden.json'), JSON.stringify(set));

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'golden-'));
  for (const [name, value] of [
    ['a', 50],
    ['b', 60],
    ['t', 70],
  ] as const) {
    const { bytes } = await encodePng({
      width: 16,
      height: 16,
      format: 'gray8',
      pixels: new Uint8Array(256).fill(value),
    });
    writeFileSync(join(folder, `${name}.png`), bytes);
  }
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('golden set', () => {
  it('reads its parts with their pictures', async () => {
    write({ format: 'edge-golden/1', parts: [good, bad] });
    const parts = await readGoldenSet(folder, decodeGray);
    expect(parts).toMatchObject([
      { name: 'good', expected: 'pass', labels: [], image: { width: 16 } },
      { name: 'bad', expected: 'reject', labels: ['open'] },
    ]);
    expect([parts[1]?.image.pixels[0], parts[1]?.template?.pixels[0]]).toEqual([60, 70]);
  });

  it('names every part whose picture cannot be used, and a set that proves only one half', async () => {
    write({
      format: 'edge-golden/1',
      parts: [
        { ...bad, image: 'none.png' },
        { ...bad, name: 'second', template: 'gone.png' },
      ],
    });
    const reading = readGoldenSet(folder, decodeGray);
    await expect(reading).rejects.toMatchObject({
      code: 'golden.invalid',
      message: expect.stringMatching(/to pass[\s\S]*bad[\s\S]*second/),
    });
  });

  it.each([
    ['is missing', undefined, 'golden.invalid'],
    ['has an unknown key', { format: 'edge-golden/1', parts: [good, bad], colour: 1 }, 'config.invalid'],
    [
      'leads out of its folder',
      { format: 'edge-golden/1', parts: [good, { ...bad, image: '../b.png' }] },
      'config.invalid',
    ],
  ])('refuses a set that %s', async (_case, set, code) => {
    if (set !== undefined) write(set);
    await expect(readGoldenSet(folder, decodeGray)).rejects.toMatchObject({ code });
  });
});
