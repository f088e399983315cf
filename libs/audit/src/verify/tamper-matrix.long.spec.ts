import { createRandom } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { flipped, judge } from '../testing/tamper-bench.js';
import { makeLog } from '../testing/trail-bench.js';

describe('every byte of a log', () => {
  it('of a few entries, changed in one bit, is found', { timeout: 300_000 }, async () => {
    const files = await makeLog([2, 1]);
    const random = createRandom(3);
    let flips = 0;
    for (const [path, bytes] of files)
      for (let at = 0; at < bytes.length; at += 1, flips += 1)
        expect(
          (await judge(flipped(files, path, at, 2 ** random.integer(0, 7)))).exitCode,
          `${path} byte ${at}`,
        ).not.toBe(0);
    expect(flips).toBeGreaterThan(3_000);
  });

  it('of 2,500 entries, changed at a random place of every file, is found', { timeout: 600_000 }, async () => {
    const files = await makeLog([2_000, 497]);
    const random = createRandom(4);
    for (const [path, bytes] of files) {
      const at = random.integer(0, bytes.length - 1);
      const { exitCode } = await judge(flipped(files, path, at, 2 ** random.integer(0, 7)));
      expect(exitCode, `${path} byte ${at}`).not.toBe(0);
    }
  });
});
