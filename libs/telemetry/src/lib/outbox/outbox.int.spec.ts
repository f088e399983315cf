import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

  // Two processes are started; on a busy machine that alone takes seconds.
  it('loses nothing that was confirmed when the process is killed', { timeout: 90_000 }, async () => {
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
