import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gapSchema, type Logger, silentLogger } from '@edge-blueprints/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openOutbox, type OutboxOptions } from './open-outbox.js';
import type { Outbox } from './outbox-port.js';
import { boot, createTestClock, inputOf, newEpoch } from './testing/test-events.js';

let folder: string;
let opened: Outbox[] = [];
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
const settings = (): OutboxOptions => ({
  file: file(),
  maxBytes: 2_000_000,
  criticalBytes: 200_000,
  maxAgeMs: 86_400_000,
  groupMs: 20,
  groupEvents: 50,
  clock,
  boot,
  newEpoch,
});
const open = (changes: Partial<OutboxOptions> = {}): Outbox => {
  const outbox = openOutbox({ ...settings(), ...changes });
  opened.push(outbox);
  return outbox;
};
const all = { events: 100_000, bytes: 1e9, inFlight: [] };
const numbers = async (outbox: Outbox): Promise<readonly number[]> =>
  (await outbox.next(all)).map((entry) => entry.sequence).sort((a, b) => a - b);
const upTo = (n: number): readonly number[] => Array.from({ length: n }, (_, i) => i + 1);

describe('openOutbox', () => {
  it('commits appends that wait together at once, each answered with its number', async () => {
    const outbox = open();
    await outbox.stats();
    const results = await Promise.all(upTo(300).map((n) => outbox.append(inputOf(clock, 'business', n))));
    expect(results.map(({ sequence }) => sequence)).toEqual(upTo(300));
    expect(await outbox.contiguity()).toMatchObject({ pending: 300, missing: 0, twice: 0 });
  });

  it('answers metric events before they are stored, and stores them with the group, the next event, or the end', async () => {
    const outbox = open({ groupMs: 1_000_000 });
    expect(await outbox.append(inputOf(clock, 'metric', 1))).toEqual({ sequence: null });
    expect(await outbox.stats()).toMatchObject({ highest: 0 });
    await outbox.append(inputOf(clock, 'business', 2));
    expect(await outbox.stats()).toMatchObject({ highest: 2, pending: { business: 1, metric: 1 } });
    await Promise.all(upTo(50).map((n) => outbox.append(inputOf(clock, 'metric', n))));
    expect(await outbox.stats()).toMatchObject({ highest: 52 });
    await outbox.append(inputOf(clock, 'metric', 3));
    await outbox.close();
    expect(await open().stats()).toMatchObject({ highest: 53, pending: { business: 1, metric: 52 } });
  });

  it('goes on where it was after a restart, in the same epoch and with the next number', async () => {
    const first = open();
    for (const n of upTo(5)) await first.append(inputOf(clock, n === 2 ? 'critical' : 'business', n));
    await first.acknowledge(newEpoch, [[3, 4]]);
    await first.close();
    const second = open({ newEpoch: 'ffffffffffffffff', boot: 'b2b2b2b2b2b2b2b2' });
    expect(await second.append(inputOf(clock, 'business', 6))).toEqual({ sequence: 6 });
    expect(await numbers(second)).toEqual([1, 2, 5, 6]);
    expect(await second.stats()).toMatchObject({ epoch: newEpoch, boot: 'b2b2b2b2b2b2b2b2', delivered: 2 });
    expect((await second.next(all)).map((entry) => entry.boot).sort()).toEqual([
      'b007b007b007b007',
      'b007b007b007b007',
      'b007b007b007b007',
      'b2b2b2b2b2b2b2b2',
    ]);
  });

  it('is not opened twice', async () => {
    await open().stats();
    await expect(open().stats()).rejects.toMatchObject({ code: 'outbox.in-use', retry: 'safe' });
  });

  it('fails every call after close with a code', async () => {
    const outbox = open();
    await outbox.append(inputOf(clock, 'business', 1));
    await outbox.close();
    await expect(outbox.append(inputOf(clock, 'business', 1))).rejects.toMatchObject({ code: 'outbox.closed' });
  });

  it('loses nothing that was confirmed when the process is killed', async () => {
    const script = `
      const { openOutbox } = await import(${JSON.stringify(new URL('./open-outbox.ts', import.meta.url).href)});
      const { createTestClock, inputOf } = await import(${JSON.stringify(new URL('./testing/test-events.ts', import.meta.url).href)});
      const clock = createTestClock();
      const outbox = openOutbox({ ...${JSON.stringify(settings())}, maxBytes: 1e8, clock });
      for (let n = 0; ; n++) {
        const { sequence } = await outbox.append(inputOf(clock, n % 3 ? 'business' : 'critical', n));
        process.stdout.write(sequence + '\\n');
      }`;
    let confirmed = 0;
    for (let round = 0; round < 2; round++) {
      const child = spawn(
        process.execPath,
        ['--conditions=@edge-blueprints/source', '--import', 'tsx', '--input-type=module', '-e', script],
        { stdio: ['ignore', 'pipe', 'inherit'] },
      );
      confirmed = await new Promise<number>((resolve) => {
        let text = '';
        child.stdout.on('data', (chunk: Buffer) => {
          text += chunk.toString();
          if (text.length > 200 + 150 * round) child.kill('SIGKILL');
        });
        child.on('close', () => resolve(Number(text.split('\n').at(-2))));
      });
      expect(confirmed).toBeGreaterThan(20);
    }
    const outbox = open({ maxBytes: 100_000_000 });
    const there = await numbers(outbox);
    expect(there.slice(0, confirmed)).toEqual(upTo(confirmed));
    expect(await outbox.contiguity()).toMatchObject({ missing: 0, twice: 0 });
  });
});

describe('a damaged outbox', () => {
  const filled = async (count: number): Promise<void> => {
    const outbox = open();
    await Promise.all(upTo(count).map((n) => outbox.append(inputOf(clock, 'business', n, 50))));
    await outbox.close();
  };
  const recoveries: string[] = [];
  const log: Logger = {
    ...silentLogger,
    warn: (_event, fields) => void recoveries.push(String(fields?.['reason'])),
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
    const outbox = open({ log });
    expect(await numbers(outbox)).toEqual([...upTo(16), ...upTo(41).slice(17)]);
    expect(await gaps(outbox)).toMatchObject([
      { cause: 'corrupt', ranges: [[17, 17]], lost: { critical: 0, business: 1, metric: 0 } },
    ]);
    expect(await outbox.stats()).toMatchObject({ declaredLost: { corrupt: 1 } });
    expect(await outbox.contiguity()).toMatchObject({ pending: 40, declared: 1, missing: 0, twice: 0 });
    expect(recoveries.at(-1)).toMatch(/1 damaged rows/);
  });

  it('saves what is left when whole pages are gone, keeps the old file, and goes on in the same epoch', async () => {
    await filled(400);
    const bytes = readFileSync(file());
    bytes.fill(0xa5, 4096 * 12, 4096 * 14);
    writeFileSync(file(), bytes);
    const outbox = open({ log });
    const stats = await outbox.stats();
    expect(stats).toMatchObject({ epoch: newEpoch, recoveries: 1 });
    expect(stats.lastRecovery).toMatch(/structure[^]*saved/);
    expect(stats.pending.business).toBeGreaterThan(300);
    expect(stats.pending.business).toBeLessThan(400);
    expect(await outbox.contiguity()).toMatchObject({ missing: 0, twice: 0 });
    const [gap] = await gaps(outbox);
    expect(gap).toMatchObject({ cause: 'corrupt', lost: { business: 400 - stats.pending.business } });
    expect(readdirSync(folder).some((name) => /damaged-\d+$/.test(name))).toBe(true);
    expect(await outbox.append(inputOf(clock, 'business', 1))).toEqual({ sequence: 402 });
  });

  it('declares everything when the file is gone or no database any more, and never gives a number twice', async () => {
    await filled(30);
    writeFileSync(file(), 'not a database, but long enough to look like a header of one'.repeat(9));
    const first = open({ log });
    expect(await gaps(first)).toMatchObject([{ epoch: newEpoch, cause: 'corrupt', ranges: [[1, 1_030]] }]);
    expect(await first.append(inputOf(clock, 'business', 1))).toEqual({ sequence: 1_032 });
    await first.close();
    for (const name of readdirSync(folder)) if (!name.endsWith('.mark')) rmSync(join(folder, name));
    const second = open({ log });
    expect(await second.stats()).toMatchObject({ epoch: newEpoch });
    expect((await second.append(inputOf(clock, 'business', 1))).sequence).toBeGreaterThan(1_032);
  });

  it('notices an old copy that was put back, sends what it holds, and jumps over the numbers given since', async () => {
    await filled(10);
    copyFileSync(file(), join(folder, 'backup'));
    const outbox = open();
    for (const n of upTo(5)) await outbox.append(inputOf(clock, 'business', n));
    await outbox.close();
    copyFileSync(join(folder, 'backup'), file());
    const restored = open({ log });
    expect((await restored.append(inputOf(clock, 'business', 1))).sequence).toBeGreaterThan(15);
    expect((await numbers(restored)).slice(0, 10)).toEqual(upTo(10));
    expect((await restored.stats()).lastRecovery).toMatch(/older copy/);
  });

  it('draws a new epoch only when file and mark are lost', async () => {
    await filled(3);
    writeFileSync(`${file()}.mark`, '{');
    writeFileSync(file(), 'x'.repeat(5_000));
    const outbox = open({ log, newEpoch: 'abababababababab' });
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
