import { createRandom } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemoryTrail } from '../testing/memory-trail.js';
import { createAssociationBook } from './association-book.js';
import { createIngest, ingestSettingsSchema } from './ingest.js';
import { createSequenceTracker } from './sequence-tracker.js';
import type { WardEvent } from './ward-event.js';

const nurse = { id: 'n-1', role: 'nurse' } as const;
const topic = 'hc/v1/site-a/ward-1/dev/w-0012/';

async function openIngest(settings: Record<string, number> = {}) {
  const trail = createMemoryTrail();
  const book = createAssociationBook({ trail, mostDevices: 10 });
  await book.associate('w-0012', 'bed/07', nurse, 0);
  trail.drafts.length = 0;
  const ingest = createIngest({
    site: 'site-a',
    ward: 'ward-1',
    settings: ingestSettingsSchema.parse(settings),
    book,
    trail,
  });
  const send = (channel: string, value: unknown, receivedMs: number, wallMs = receivedMs): WardEvent | undefined =>
    ingest.receive(
      topic + channel,
      Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
      receivedMs,
      wallMs,
    );
  const pulse = (seq: number, receivedMs: number, more: Record<string, unknown> = {}, wallMs?: number) =>
    send('hr', { boot: 'b1', seq, tDevMs: receivedMs, v: 70, q: 90, status: [], ...more }, receivedMs, wallMs);
  return { trail, book, ingest, send, pulse };
}

describe('ingest of a ward', () => {
  it('turns a sample into an event with its bed, its id and the gateway’s time', async () => {
    const { pulse, send } = await openIngest();
    expect(pulse(0, 1_000, { v: 70.25 })).toMatchObject({
      kind: 'vital',
      parameter: 'pulse',
      value: '70.25',
      device: 'w-0012',
      bed: 'bed/07',
      id: 'w-0012/b1/0',
      measuredMs: 1_000,
      order: 'live',
      deviceClock: 'good',
    });
    const xyz = Buffer.from(Int16Array.of(0, 0, 2_048).buffer).toString('base64');
    const batch = send(
      'acc',
      { boot: 'b1', seq: 1, tDevMs: 1_000, hz: 25, scale: (16 * 9.80665) / 32_768, xyz },
      1_000,
    );
    expect(batch?.kind === 'acceleration' && [...batch.xyzG]).toEqual([0, 0, expect.closeTo(1, 5)]);
  });

  it('M20 and hostile messages: are rejected, counted, and told to the trail without flooding it', async () => {
    const { trail, ingest, send } = await openIngest();
    const sample = '{"boot":"b1","seq":1,"tDevMs":1,"q":90,"status":[],"v":';
    const bad = [
      `${sample}NaN}`,
      `${sample}Infinity}`,
      `${sample}1e999}`,
      `${sample}"97"}`,
      `${sample}97,"name":"Jane"}`,
      `${sample}97,"__proto__":{"q":1}}`,
      `${sample}97`,
      '',
      '[]',
      'null',
      '{"boot":"../x","seq":1,"tDevMs":1,"q":90,"status":[],"v":1}',
      '{"boot":"b1","seq":-1,"tDevMs":1,"q":90,"status":[],"v":1}',
      '{"boot":"b1","seq":1,"tDevMs":1,"q":101,"status":["fine"],"v":1}',
      '\u0000'.repeat(100),
      '['.repeat(4_000),
      ' '.repeat(5_000),
    ];
    for (const [i, payload] of bad.entries()) expect(send('spo2', payload, i), payload.slice(0, 80)).toBeUndefined();
    expect(send('acc', { boot: 'b1', seq: 1, tDevMs: 1, hz: 25, scale: 0.01, xyz: 'AAAA' }, 20)).toBeUndefined();
    expect(ingest.receive(`${topic}hr`, Uint8Array.of(0xff, 0xfe), 20)).toBeUndefined();
    expect(ingest.counters()).toMatchObject({ rejected: bad.length + 2, accepted: 0 });
    expect(trail.drafts).toMatchObject([
      { type: 'ingest.rejected', outcome: 'refused', actor: { id: 'device/w-0012' } },
    ]);
    ingest.tick(60_000);
    expect(trail.drafts[1]?.reason).toMatch(/^17 more messages refused/);
    expect(JSON.stringify(trail.drafts)).not.toContain('Jane');
  });

  it('takes nothing from other wards, other roots or its own commands', async () => {
    const { ingest } = await openIngest();
    for (const foreign of [
      'hc/v1/site-a/ward-2/dev/w-0012/hr',
      'hc/v1/site-a/ward-1/dev/w-0012/cmd',
      'hc/v1/site-a/ward-1/dev/W 12/hr',
      'edge/v1/a/b/tlm',
    ])
      expect(ingest.receive(foreign, Buffer.from('{}'), 1)).toBeUndefined();
    expect(ingest.counters()).toMatchObject({ foreignTopic: 4, rejected: 0 });
  });

  it('M28: goes by the receipt, flags a device clock beyond 2 s and ignores it beyond 30 s', async () => {
    const { pulse } = await openIngest();
    expect(pulse(0, 1_000, { tDevMs: 601_000 }, 1_000)).toMatchObject({
      measuredMs: 1_000,
      deviceClock: 'ignored',
      order: 'live',
    });
    expect(pulse(1, 2_000, { tDevMs: 602_000 }, 2_000)).toMatchObject({ measuredMs: 2_000, order: 'live' });
    const other = await openIngest();
    expect(other.pulse(0, 10_000, { tDevMs: 7_000 }, 10_000)).toMatchObject({
      measuredMs: 10_000,
      deviceClock: 'flagged',
    });
  });

  it.each([
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ])('keeps live samples live when the device clock jumps an hour %s', async (_, jumpMs) => {
    const { pulse, ingest } = await openIngest();
    for (let s = 0; s < 10; s += 1) pulse(s, s * 1_000);
    for (let s = 10; s < 200; s += 1) {
      const event = pulse(s, s * 1_000, { tDevMs: s * 1_000 + jumpMs });
      expect(event).toMatchObject({ order: 'live', measuredMs: s * 1_000 });
    }
    expect(ingest.counters()).toMatchObject({ clockSteps: 1, replayed: 0 });
  });

  it('never calls samples replayed for long that come as fast as they are measured', async () => {
    const { pulse } = await openIngest();
    for (let s = 0; s < 5; s += 1) pulse(s, s * 1_000);
    // The clock lost 70 s without running back: the numbers and the device's time both go on.
    let last: WardEvent | undefined;
    for (let s = 0; s < 130; s += 1) last = pulse(5 + s, 75_000 + s * 1_000, { tDevMs: 5_000 + s * 1_000 });
    expect(last).toMatchObject({ order: 'live', measuredMs: 204_000 });
  });

  it('tells what a device replays after an outage, in its place in time and never as live', async () => {
    const { pulse, ingest } = await openIngest();
    for (let s = 0; s < 10; s += 1) pulse(s, s * 1_000);
    const replayed = Array.from({ length: 600 }, (_, i) =>
      pulse(10 + i, 610_000 + 5 * i, { tDevMs: (10 + i) * 1_000 }),
    );
    expect(replayed[0]).toMatchObject({ order: 'replayed', measuredMs: 10_000 });
    expect(replayed.filter((event) => event?.kind === 'vital' && event.order === 'replayed')).toHaveLength(543);
    expect(pulse(610, 614_000, { tDevMs: 614_000 })).toMatchObject({ order: 'live', measuredMs: 614_000 });
    expect(ingest.counters()).toMatchObject({ accepted: 611, duplicate: 0 });
  });

  it('gives a late sample to the bed of its time', async () => {
    const { pulse, book } = await openIngest();
    for (let s = 0; s < 5; s += 1) pulse(s, s * 1_000);
    await book.associate('w-0012', 'bed/08', nurse, 100_000);
    expect(pulse(5, 200_000, { tDevMs: 5_000 })).toMatchObject({ bed: 'bed/07', order: 'replayed' });
    expect(pulse(6, 200_001, { tDevMs: 200_001 })).toMatchObject({ bed: 'bed/08', order: 'live' });
    await book.dissociate('w-0012', nurse, 300_000);
    expect(pulse(7, 300_000)).not.toHaveProperty('bed');
  });

  it('ignores the will of an earlier start', async () => {
    const { send, ingest } = await openIngest();
    expect(send('state', { boot: 'b1', online: true }, 1)).toMatchObject({ kind: 'state', bed: 'bed/07' });
    send('state', { boot: 'b2', online: true }, 2);
    expect(send('state', { boot: 'b1', online: false }, 3)).toBeUndefined();
    expect(send('state', { boot: 'b2', online: false }, 4)).toMatchObject({ state: { online: false } });
    expect(ingest.counters().staleState).toBe(1);
  });

  it('bounds what strange devices and starts may take', async () => {
    const { ingest } = await openIngest({ mostDevices: 3 });
    const sample = (boot: string) => Buffer.from(JSON.stringify({ boot, seq: 1, tDevMs: 1, v: 1, q: 1, status: [] }));
    for (let i = 0; i < 20; i += 1)
      for (const boot of ['a', 'b', 'c', 'd', 'e'])
        ingest.receive(`hc/v1/site-a/ward-1/dev/x-${i}/hr`, sample(boot), i);
    expect(ingest.counters()).toMatchObject({ accepted: 15, rejected: 85, unassigned: 15 });
  });

  it('uses each sample once, whatever is repeated, overtaken or left out', async () => {
    for (const seed of [1, 2, 3]) {
      const { pulse, ingest } = await openIngest();
      const random = createRandom(seed);
      const lost = new Set(Array.from({ length: 20 }, () => random.integer(1, 298)));
      const arrivals = Array.from({ length: 300 }, (_, seq) => seq)
        .filter((seq) => !lost.has(seq))
        .flatMap((seq) =>
          Array.from({ length: random.integer(1, 3) }, () => ({ seq, atMs: seq * 1_000 + random.integer(0, 4_000) })),
        )
        .sort((a, b) => a.atMs - b.atMs);
      const ids = arrivals.flatMap(({ seq, atMs }) => {
        ingest.tick(atMs);
        return pulse(seq, atMs, { tDevMs: seq * 1_000 }) ?? [];
      });
      ingest.tick(400_000);
      expect(new Set(ids.map((event) => (event.kind === 'vital' ? event.id : '')))).toHaveProperty(
        'size',
        300 - lost.size,
      );
      expect(ids).toHaveLength(300 - lost.size);
      expect(ingest.counters()).toMatchObject({ lost: lost.size, recovered: 0, replayed: 0 });
    }
  });
});

it('a sequence tracker agrees with a set of numbers, over any arrivals', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 80 }), (numbers) => {
      const tracker = createSequenceTracker({ reorderMs: 5 });
      const seen = new Set<number>();
      let lost = 0;
      for (const [i, seq] of numbers.entries()) {
        lost += tracker.expire(i);
        expect(tracker.note(seq, i) === 'duplicate').toBe(seen.has(seq));
        seen.add(seq);
      }
      lost += tracker.expire(1_000);
      const first = numbers[0] ?? 0;
      const missing = Array.from({ length: Math.max(0, tracker.newest - first) }, (_, i) => first + i).filter(
        (n) => !seen.has(n),
      );
      expect(lost).toBeGreaterThanOrEqual(missing.length);
    }),
    { seed: 4 },
  );
});

it('an association is a bedside role’s act; the trail has it before it holds', async () => {
  const trail = createMemoryTrail();
  const book = createAssociationBook({ trail, mostDevices: 2 });
  expect(await book.associate('w-1', 'bed/01', { id: 't', role: 'technical' }, 0)).toMatchObject({ why: 'role' });
  expect(await book.associate('W 1', 'Jane', nurse, 0)).toMatchObject({ why: 'input' });
  expect(await book.dissociate('w-1', nurse, 0)).toMatchObject({ why: 'state' });
  await book.associate('w-1', 'bed/01', nurse, 5);
  await book.associate('w-2', 'bed/01', nurse, 5);
  expect(await book.associate('w-3', 'bed/01', nurse, 5)).toMatchObject({ why: 'state' });
  trail.broken = true;
  expect(await book.associate('w-1', 'bed/02', nurse, 6)).toMatchObject({ why: 'audit' });
  expect(book.current()).toMatchObject([{ device: 'w-1', bed: 'bed/01' }, { device: 'w-2' }]);
  expect(trail.drafts.map(({ type, outcome }) => `${type} ${outcome}`)).toEqual([
    'assoc.start refused',
    'assoc.start refused',
    'assoc.end refused',
    'assoc.start success',
    'assoc.start success',
    'assoc.start refused',
  ]);
  const again = createAssociationBook({ trail, mostDevices: 2, restored: JSON.parse(JSON.stringify(book.snapshot())) });
  expect([again.bedOf('w-1', 4), again.bedOf('w-1', 5)]).toEqual([undefined, 'bed/01']);
});

it('what a broker kept while the gateway was away is old for the next life, and what comes then is live again', async () => {
  const { pulse, ingest, book, trail } = await openIngest();
  for (let s = 0; s < 60; s += 1) pulse(s, 1_000 * s, { tDevMs: 1_000 * s - 77_777 });
  expect(ingest.clocks()).toEqual([{ device: 'w-0012', boot: 'b1', offsetMs: 78_000 }]);
  const options = { site: 'site-a', ward: 'ward-1', settings: ingestSettingsSchema.parse({}), book, trail };
  const next = createIngest({ ...options, restored: JSON.parse(JSON.stringify(ingest.clocks())) });
  const orders = Array.from({ length: 300 }, (_, i) => {
    const measuredMs = 1_000 * (60 + i);
    // Five minutes come within a second, then the clock goes on.
    const body = { boot: 'b1', seq: 60 + i, tDevMs: measuredMs - 77_777, v: 70, q: 90, status: [] };
    const event = next.receive(`${topic}hr`, Buffer.from(JSON.stringify(body)), 360_000 + 3 * i);
    return event?.kind === 'vital' ? [event.order, Math.abs(event.measuredMs - measuredMs) < 1_000] : [];
  });
  const old = orders.filter(([order]) => order === 'replayed').length;
  expect(old).toBeGreaterThan(237);
  expect(old).toBeLessThan(243);
  expect(orders.every(([, right]) => right === true)).toBe(true);
  expect(orders.at(-1)?.[0]).toBe('live');
});
