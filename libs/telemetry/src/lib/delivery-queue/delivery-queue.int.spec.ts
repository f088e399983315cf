import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { openDeliveryQueue } from './open-delivery-queue.js';
import { type SqliteDeliveryQueueOptions, openSqliteDeliveryQueue } from './sqlite-delivery-queue.js';

const folder = mkdtempSync(join(tmpdir(), 'delivery-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
const file = (): string => join(folder, `${files++}.sqlite`);
const limits = { maxBytes: 1_000_000, maxAgeMs: 1_000_000, maxAsideBytes: 4_096 };
const bodies = (queue: ReturnType<typeof openSqliteDeliveryQueue>): readonly string[] =>
  queue.oldest(10_000).map(({ body }) => body);

it('holds what a list would hold, in its order, however it is used and opened again', () => {
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ verb: fc.constant('append' as const), count: fc.integer({ min: 1, max: 4 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ verb: fc.constant('settle' as const), count: fc.integer({ min: 1, max: 5 }) }),
    },
    { weight: 1, arbitrary: fc.record({ verb: fc.constant('aside' as const), count: fc.constant(1) }) },
    { weight: 1, arbitrary: fc.record({ verb: fc.constant('reopen' as const), count: fc.constant(1) }) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const options: SqliteDeliveryQueueOptions = { ...limits, file: file() };
      let queue = openSqliteDeliveryQueue(options);
      let model: string[] = [];
      const aside: string[] = [];
      let delivered = 0;
      let given = 0;
      for (const { verb, count } of steps) {
        const next = () => ({ rank: 'record' as const, atMs: given, body: `b${given++}` });
        if (verb === 'append') {
          const entries = Array.from({ length: count }, next);
          expect(queue.append(entries)).toBe(count);
          model.push(...entries.map(({ body }) => body));
        } else if (verb === 'settle') {
          const lent = queue.oldest(count);
          const follows = next();
          queue.settle({ delivered: lent.map(({ sequence }) => sequence), append: [follows] });
          // Twice is once.
          queue.settle({ delivered: lent.map(({ sequence }) => sequence) });
          delivered += lent.length;
          model = [...model.slice(lent.length), follows.body];
        } else if (verb === 'aside') {
          const [first] = queue.oldest(1);
          if (first === undefined) continue;
          queue.settle({ delivered: [], aside: { sequence: first.sequence, reason: 'poison' } });
          aside.push(...model.splice(0, 1));
        } else {
          queue.close();
          queue = openSqliteDeliveryQueue(options);
        }
        expect(bodies(queue)).toEqual(model);
        expect(queue.aside(100).map(({ body }) => body)).toEqual(aside);
        expect(queue.stats()).toMatchObject({ waiting: model.length, delivered, aside: aside.length, refused: 0 });
      }
      queue.close();
    }),
    { numRuns: 8 },
  );
}, 30_000);

it('is one of its own states, and none before the last confirmed one, after a crash at any byte', () => {
  const options = { ...limits, file: file() };
  const queue = openSqliteDeliveryQueue(options);
  const states: { readonly walBytes: number; readonly state: string }[] = [];
  const stateOf = (one: typeof queue): string =>
    JSON.stringify([one.oldest(1_000), one.aside(1_000), one.stats().delivered]);
  const mark = (): void => void states.push({ walBytes: statSync(`${options.file}-wal`).size, state: stateOf(queue) });
  mark();
  for (let at = 0; at < 6; at++) {
    queue.append([
      { rank: 'record', atMs: at, body: `first ${at}` },
      { rank: 'summary', atMs: at, body: 'x'.repeat(500) },
    ]);
    mark();
    const [first, second] = queue.oldest(2);
    queue.settle({
      delivered: first === undefined ? [] : [first.sequence],
      ...(at % 3 === 0 && second !== undefined ? { aside: { sequence: second.sequence, reason: 'no' } } : {}),
      append: [{ rank: 'record', atMs: at, body: `audit of ${first?.sequence}` }],
    });
    mark();
  }
  const wal = readFileSync(`${options.file}-wal`);
  const random = createRandom(7);
  const crashes = states.flatMap(({ walBytes }) => [
    walBytes - (random.next() < 0.5 ? 0 : 1),
    random.integer(0, walBytes),
  ]);
  for (const cut of crashes.filter((bytes) => bytes >= (states[0]?.walBytes ?? 0))) {
    const copy = file();
    copyFileSync(options.file, copy);
    writeFileSync(`${copy}-wal`, wal.subarray(0, cut));
    const again = openSqliteDeliveryQueue({ ...limits, file: copy });
    const found = states.findLastIndex(({ state }) => state === stateOf(again));
    expect(found).toBe(states.findLastIndex(({ walBytes }) => walBytes <= cut));
    again.close();
  }
  queue.close();
}, 30_000);

it('makes room from summaries first, oldest first, never from what others point at or what is in hand', () => {
  const queue = openSqliteDeliveryQueue({ ...limits, maxBytes: 10 * 164, maxAgeMs: 1_000, file: file() });
  const entry = (rank: 'foundation' | 'record' | 'summary', name: string, atMs = 0) => ({
    rank,
    atMs,
    body: name.padEnd(100),
  });
  const names = (): readonly string[] => bodies(queue).map((body) => body.trim());
  queue.append([entry('foundation', 'patient'), entry('record', 'r1'), entry('summary', 's1')]);
  queue.append(Array.from({ length: 7 }, (_, at) => entry(at % 2 === 0 ? 'record' : 'summary', `m${at}`)));
  expect(queue.oldest(2).map(({ body }) => body.trim())).toEqual(['patient', 'r1']);
  expect(queue.append([entry('record', 'r2'), entry('summary', 's2')])).toBe(2);
  expect(queue.stats()).toMatchObject({ droppedForRoom: 2, waiting: 10 });
  expect(names()).toEqual(['patient', 'r1', 'm0', 'm2', 'm3', 'm4', 'm5', 'm6', 'r2', 's2'].filter((n) => n !== 'm1'));
  // Everything is in hand now: what comes is refused rather than what is being sent.
  expect(queue.append([entry('record', 'r3')])).toBe(0);
  queue.oldest(0);
  expect(queue.append([entry('summary', 's3', 1_002), entry('record', 'r4', 1_002)])).toBe(2);
  expect(names()).toEqual(['patient', 's3', 'r4']);
  expect(queue.stats()).toMatchObject({ droppedForAge: 9, refused: 1, bytes: 3 * 164 });
  queue.close();
});

it('refuses a file that is none of its own, and limits without room', async () => {
  const foreign = file();
  writeFileSync(foreign, 'not a database, but long enough to look like a header of one');
  const queue = openDeliveryQueue({ ...limits, file: foreign });
  await expect(queue.stats()).rejects.toMatchObject({ code: 'store.corrupt' });
  await expect(queue.close()).rejects.toMatchObject({ code: 'store.corrupt' });
  expect(() => openDeliveryQueue({ ...limits, maxBytes: 1, file: foreign })).toThrow(
    expect.objectContaining({ code: 'store.limits' }),
  );
}, 30_000);
