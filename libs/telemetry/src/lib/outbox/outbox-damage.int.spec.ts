import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gapSchema } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Outbox } from './outbox-port.js';
import { openDirectOutbox } from './testing/direct-outbox.js';
import { boot, createTestClock, inputOf, newEpoch } from './testing/test-events.js';

let folder: string;
let opened: Outbox[] = [];
const recoveries: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outbox-'));
});
afterEach(async () => {
  await Promise.all(opened.map((outbox) => outbox.close()));
  opened = [];
  rmSync(folder, { recursive: true, force: true });
});

const clock = createTestClock();
const file = (): string => join(folder, 'outbox.sqlite');
const open = (epoch = newEpoch): Outbox => {
  const outbox = openDirectOutbox({
    file: file(),
    maxBytes: 2_000_000,
    criticalBytes: 200_000,
    maxAgeMs: 86_400_000,
    checkpointPages: 1_000,
    numberBlock: 1_000,
    clock,
    boot,
    newEpoch: epoch,
    onRecovery: (reason) => void recoveries.push(reason),
  });
  opened.push(outbox);
  return outbox;
};
const all = { events: 100_000, bytes: 1e9, inFlight: [] };
const numbers = async (outbox: Outbox): Promise<readonly number[]> =>
  (await outbox.next(all)).map((entry) => entry.sequence).sort((a, b) => a - b);
const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i + 1);

describe('a damaged outbox', () => {
  const filled = async (count: number): Promise<void> => {
    const outbox = open();
    for (const n of upTo(count)) await outbox.append(inputOf(clock, 'business', n, 50));
    await outbox.close();
  };
  const gaps = async (outbox: Outbox) =>
    (await outbox.next(all))
      .filter((entry) => entry.type.includes('gap'))
      .map((entry) => gapSchema.parse(JSON.parse(entry.data)));
  /** Everywhere in the file: SQLite leaves copies in places that it no longer uses. */
  const flip = (text: string, with_: string): void => {
    const bytes = readFileSync(file());
    expect(bytes.indexOf(text)).toBeGreaterThan(0);
    for (let at = bytes.indexOf(text); at >= 0; at = bytes.indexOf(text, at)) bytes.write(with_, at);
    writeFileSync(file(), bytes);
  };

  it('sets a row with a flipped bit aside, declares it, and sends the others', async () => {
    await filled(40);
    flip('"who":"n17"', '"who":"n18"');
    const outbox = open();
    expect(await numbers(outbox)).toEqual([...upTo(16), ...upTo(41).slice(17)]);
    expect(await gaps(outbox)).toMatchObject([
      { cause: 'corrupt', ranges: [[17, 17]], lost: { critical: 0, business: 1, metric: 0 } },
    ]);
    expect(await outbox.stats()).toMatchObject({ declaredLost: { corrupt: 1 } });
    expect(await outbox.contiguity()).toMatchObject({ pending: 40, declared: 1, missing: 0, twice: 0 });
    expect(recoveries.at(-1)).toMatch(/1 damaged rows/);
  });

  it('says again what a damaged gap record would have said', async () => {
    await filled(9);
    const first = open();
    await first.refuse(
      newEpoch,
      [3, 4].map((sequence) => ({ sequence, code: 'hub.schema' })),
    );
    await first.close();
    flip('"cause":"refused-by-hub"', '"cause":"refused-by-hum"');
    const second = open();
    expect(await gaps(second)).toMatchObject([
      {
        cause: 'corrupt',
        ranges: [
          [3, 4],
          [10, 10],
        ],
        lost: { critical: 1, business: 0 },
      },
    ]);
    expect(await second.contiguity()).toMatchObject({ missing: 0, twice: 0 });
  });

  it('saves what is left when whole pages are gone, keeps the old file, and goes on in the same epoch', async () => {
    await filled(400);
    const bytes = readFileSync(file());
    bytes.fill(0xa5, 4096 * 12, 4096 * 14);
    writeFileSync(file(), bytes);
    const outbox = open();
    const stats = await outbox.stats();
    expect(stats).toMatchObject({ epoch: newEpoch, recoveries: 1 });
    expect(stats.lastRecovery).toMatch(/structure[^]*saved/);
    expect(stats.pending.business).toBeGreaterThan(300);
    expect(stats.pending.business).toBeLessThan(400);
    expect(await outbox.contiguity()).toMatchObject({ missing: 0, twice: 0 });
    expect(stats.declaredLost).toEqual({ corrupt: 400 - stats.pending.business });
    const [gap] = await gaps(outbox);
    expect(gap).toMatchObject({ cause: 'corrupt', lost: { business: 400 - stats.pending.business } });
    expect(readdirSync(folder).some((name) => /damaged-\d+$/.test(name))).toBe(true);
    expect(await outbox.append(inputOf(clock, 'business', 1))).toEqual({ sequence: 402 });
  });

  it('declares everything when the file is gone or no database any more, and never gives a number twice', async () => {
    await filled(30);
    writeFileSync(file(), 'not a database, but long enough to look like a header of one'.repeat(9));
    const first = open();
    expect(await gaps(first)).toMatchObject([{ epoch: newEpoch, cause: 'corrupt', ranges: [[1, 1_001]] }]);
    expect(await first.append(inputOf(clock, 'business', 1))).toEqual({ sequence: 1_003 });
    await first.close();
    for (const name of readdirSync(folder)) if (!name.endsWith('.mark')) rmSync(join(folder, name));
    const second = open();
    expect(await second.stats()).toMatchObject({ epoch: newEpoch });
    expect((await second.append(inputOf(clock, 'business', 1))).sequence).toBeGreaterThan(1_003);
  });

  it('notices an old copy that was put back, sends what it holds, and jumps over the numbers given since', async () => {
    await filled(10);
    copyFileSync(file(), join(folder, 'backup'));
    const outbox = open();
    for (const n of upTo(5)) await outbox.append(inputOf(clock, 'business', n));
    await outbox.close();
    copyFileSync(join(folder, 'backup'), file());
    const restored = open();
    expect((await restored.append(inputOf(clock, 'business', 1))).sequence).toBeGreaterThan(15);
    expect((await numbers(restored)).slice(0, 10)).toEqual(upTo(10));
    expect((await restored.stats()).lastRecovery).toMatch(/older copy/);
  });

  it('draws a new epoch only when file and mark are lost', async () => {
    await filled(3);
    writeFileSync(`${file()}.mark`, '{');
    writeFileSync(file(), 'x'.repeat(5_000));
    const outbox = open('abababababababab');
    expect(await outbox.append(inputOf(clock, 'business', 1))).toEqual({ sequence: 1 });
    expect(await outbox.stats()).toMatchObject({ epoch: 'abababababababab', recoveries: 1 });
    expect(existsSync(`${file()}.mark`)).toBe(true);
  });

  it('does not touch the file of a newer program', async () => {
    await filled(1);
    const bytes = readFileSync(file());
    bytes.writeUInt32BE(7, 60);
    const at = bytes.indexOf('{"format":1');
    bytes.write('{"format":2', at);
    writeFileSync(file(), bytes);
    await expect(open().stats()).rejects.toMatchObject({ code: 'outbox.version' });
    expect(readFileSync(file()).readUInt32BE(60)).toBe(7);
  });
});
