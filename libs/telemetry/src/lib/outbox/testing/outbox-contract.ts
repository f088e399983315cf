import {
  gapSchema,
  type Clock,
  type DeliveryClass,
  type FleetEventType,
  type SequenceRange,
} from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { countNumbers, mergeRanges, rangesOf, subtractRanges } from '../number-ranges.js';
import type { Outbox, OutboxLimits } from '../outbox-port.js';
import { boot, createTestClock, inputOf, newEpoch } from './test-events.js';

export interface OutboxUnderTest extends OutboxLimits {
  readonly clock: Clock;
  readonly boot: string;
  readonly newEpoch: string;
}

const limits: OutboxLimits = { maxBytes: 600_000, criticalBytes: 100_000, maxAgeMs: 3_600_000 };

const all = { events: 500, bytes: 10_000_000, inFlight: [] };
const sequences = (entries: readonly { sequence: number }[]): readonly number[] => entries.map((e) => e.sequence);
const one = (n: number): SequenceRange => [n, n];

/**
 * The behaviour that every outbox owes its callers. Metric events must be committed before the next call is answered.
 *
 * @param runs of the property; fewer where each append waits for a disk
 */
export function outboxContract(name: string, create: (options: OutboxUnderTest) => Outbox, runs = 25): void {
  describe(`${name} keeps the contract of Outbox`, () => {
    const opened: Outbox[] = [];
    afterEach(async () => {
      for (const outbox of opened.splice(0)) await outbox.close();
    });
    const start = (changes: Partial<OutboxLimits> = {}) => {
      const clock = createTestClock();
      const outbox = create({ ...limits, ...changes, clock, boot, newEpoch });
      opened.push(outbox);
      const put = (deliveryClass: DeliveryClass, n: number, bytes = 0) =>
        outbox.append(inputOf(clock, deliveryClass, n, bytes));
      return { outbox, clock, put };
    };
    const gaps = async (outbox: Outbox) =>
      (await outbox.next(all))
        .filter((entry) => entry.type === ('edge-blueprints.gap.v1' satisfies FleetEventType))
        .map((entry) => ({ sequence: entry.sequence, ...gapSchema.parse(JSON.parse(entry.data)) }));
    const whole = async (outbox: Outbox): Promise<void> =>
      expect(await outbox.contiguity()).toMatchObject({ missing: 0, twice: 0 });

    it('numbers events 1, 2, 3 over all classes and gives them back as they were written', async () => {
      const { outbox, clock, put } = start();
      clock.pass(1234);
      expect(await put('business', 1)).toEqual({ sequence: 1 });
      expect(await put('critical', 2)).toEqual({ sequence: 2 });
      const third = await put('metric', 3);
      expect([null, 3]).toContain(third.sequence);
      const entries = await outbox.next(all);
      expect(entries.find((entry) => entry.sequence === 1)).toEqual({
        sequence: 1,
        boot,
        type: 'edge-blueprints.audit.v1',
        deliveryClass: 'business',
        simulated: true,
        epochMs: Date.UTC(2026, 0, 1) + 1234,
        uptimeMs: 1234,
        data: '{"who":"n1","action":"test","target":"","reason":""}',
      });
      expect(await outbox.stats()).toMatchObject({
        epoch: newEpoch,
        boot,
        highest: 3,
        pending: { critical: 1, business: 1, metric: 1 },
        oldestEpochMs: Date.UTC(2026, 0, 1) + 1234,
        criticalFull: false,
      });
    });

    it('sends critical events first, then some of the newest, then the oldest; none that is under way', async () => {
      const { outbox, put } = start();
      for (let n = 1; n <= 20; n++) await put(n === 15 ? 'critical' : n % 5 === 0 ? 'metric' : 'business', n);
      const batch = { events: 11, bytes: 1e6 };
      expect(sequences(await outbox.next({ ...batch, inFlight: [] }))).toEqual([15, 20, 19, 1, 2, 3, 4, 5, 6, 7, 8]);
      const inFlight: readonly SequenceRange[] = [one(15), [19, 20], [1, 8]];
      expect(sequences(await outbox.next({ ...batch, inFlight }))).toEqual([18, 17, 16, 9, 10, 11, 12, 13, 14]);
      expect(await outbox.next({ ...batch, inFlight: [[1, 20]] })).toEqual([]);
    });

    it('keeps to the bytes of a batch, but sends one event however large', async () => {
      const { outbox, put } = start();
      for (let n = 1; n <= 4; n++) await put('business', n, 3_000);
      expect(await outbox.next({ events: 9, bytes: 10, inFlight: [] })).toHaveLength(1);
      expect((await outbox.next({ events: 9, bytes: 8_000, inFlight: [] })).length).toBe(2);
    });

    it('forgets what the hub acknowledged and nothing else, and counts acknowledgements that fit nothing', async () => {
      const { outbox, put } = start();
      for (let n = 1; n <= 6; n++) await put('business', n);
      await outbox.acknowledge(newEpoch, [[2, 3], one(5), [99, 100]]);
      await outbox.acknowledge(newEpoch, [one(3)]);
      await outbox.acknowledge('0000000000000000', [[1, 6]]);
      expect([...sequences(await outbox.next(all))].sort()).toEqual([1, 4, 6]);
      expect(await outbox.stats()).toMatchObject({ delivered: 3, strayAcknowledgements: 2 + 1 + 6 });
      expect(await outbox.contiguity()).toEqual({
        epoch: newEpoch,
        highest: 6,
        pending: 3,
        delivered: 3,
        declared: 0,
        missing: 0,
        twice: 0,
      });
    });

    it('makes room by the oldest metrics, then the oldest business events, and declares them in one record', async () => {
      const { outbox, put } = start();
      for (let n = 1; n <= 30; n++) await put(n % 3 === 0 ? 'metric' : n === 4 ? 'critical' : 'business', n, 15_000);
      expect(await outbox.stats()).toMatchObject({ pending: { critical: 1, business: 19, metric: 10 } });
      for (let n = 31; n <= 40; n++) await put('business', n, 15_000);
      const stats = await outbox.stats();
      expect(stats.pending).toMatchObject({ critical: 2, business: 29 });
      expect(stats.pending.metric).toBeLessThan(10);
      expect(stats.bytes).toBeLessThanOrEqual(limits.maxBytes);
      for (let n = 41; n <= 70; n++) await put('business', n, 15_000);
      const later = await outbox.stats();
      expect(later.pending.metric).toBe(0);
      expect(later.bytes).toBeLessThanOrEqual(limits.maxBytes);
      const [gap, ...others] = await gaps(outbox);
      expect(others).toEqual([]);
      expect(gap).toMatchObject({ epoch: newEpoch, cause: 'evicted-bytes', lost: { critical: 0, metric: 10 } });
      expect(gap?.ranges.slice(0, 2)).toEqual([
        [1, 3],
        [5, expect.any(Number)],
      ]);
      const waiting = sequences(await outbox.next(all));
      expect(waiting).toContain(4);
      expect(mergeRanges([...(gap?.ranges ?? []), ...rangesOf(waiting)])).toEqual([[1, later.highest]]);
      expect(later.declaredLost).toEqual({ 'evicted-bytes': countNumbers(gap?.ranges ?? []) });
      await whole(outbox);
    });

    it('drops a new metric rather than an older business event, and counts it', async () => {
      const { outbox, put } = start();
      while ((await outbox.stats()).bytes < limits.maxBytes - 15_000) await put('business', 0, 15_000);
      const { highest } = await outbox.stats();
      await put('metric', 1, 30_000);
      expect(await outbox.stats()).toMatchObject({ highest, droppedBeforeStorage: 1, pending: { metric: 0 } });
    });

    it('begins a new gap record once the last one was handed out', async () => {
      const { outbox, put } = start();
      const fill = async (from: number): Promise<void> => {
        for (let n = 0; n < 40; n++) await put('business', from + n, 15_000);
      };
      await fill(0);
      const [first] = await gaps(outbox);
      await fill(100);
      const after = await gaps(outbox);
      expect(after[0]).toEqual(first);
      expect(after).toHaveLength(2);
      expect(subtractRanges(after[0]?.ranges ?? [], after[1]?.ranges ?? [])).toEqual(first?.ranges);
      await whole(outbox);
    });

    it('refuses critical events beyond their quota, keeps the others, and says so until there is room', async () => {
      const { outbox, put } = start();
      for (let n = 0; n < 10; n++) await put('critical', n, 9_000);
      await expect(put('critical', 10, 9_000)).rejects.toMatchObject({ code: 'outbox.critical-full', retry: 'safe' });
      expect(await put('business', 11, 9_000)).toEqual({ sequence: 11 });
      expect(await outbox.stats()).toMatchObject({ highest: 11, criticalFull: true });
      await outbox.acknowledge(newEpoch, [[1, 3]]);
      expect(await outbox.stats()).toMatchObject({ criticalFull: false });
      expect(await put('critical', 12, 9_000)).toEqual({ sequence: 12 });
    });

    it('refuses an event that no batch could carry', async () => {
      const { outbox, put } = start();
      await expect(put('business', 1, 200_000)).rejects.toMatchObject({ code: 'outbox.too-large', retry: 'never' });
      expect(await outbox.stats()).toMatchObject({ highest: 0, bytes: 0 });
    });

    it('declares what the hub refuses, but does not argue about a refused gap record', async () => {
      const { outbox, put } = start();
      for (let n = 1; n <= 4; n++) await put(n === 2 ? 'critical' : 'business', n);
      await outbox.refuse(
        newEpoch,
        [2, 3, 3, 77].map((sequence) => ({ sequence, code: 'hub.schema' })),
      );
      expect(await gaps(outbox)).toMatchObject([
        { sequence: 5, cause: 'refused-by-hub', ranges: [[2, 3]], lost: { critical: 1, business: 1, metric: 0 } },
      ]);
      await outbox.refuse(newEpoch, [{ sequence: 5, code: 'hub.schema' }]);
      expect(await gaps(outbox)).toEqual([]);
      expect(await outbox.stats()).toMatchObject({ declaredLost: { 'refused-by-hub': 3 }, highest: 5 });
      await whole(outbox);
    });

    it('lets go by age in running time only: a wall clock that jumps a year takes nothing', async () => {
      const { outbox, clock, put } = start();
      await put('critical', 1);
      await put('business', 2);
      await put('metric', 3);
      clock.step(366 * 86_400_000);
      expect(await outbox.next(all)).toHaveLength(3);
      clock.step(-20 * 366 * 86_400_000);
      clock.pass(limits.maxAgeMs);
      await put('business', 4);
      expect(await outbox.next(all)).toHaveLength(4);
      clock.pass(1);
      expect([...sequences(await outbox.next(all))].sort()).toEqual([1, 4, 5, 6].filter((n) => n <= 5));
      expect(await gaps(outbox)).toMatchObject([{ cause: 'evicted-age', ranges: [[2, 3]] }]);
      await whole(outbox);
    });

    it('stays contiguous whatever happens: waiting, delivered and declared numbers are 1 to the highest', async () => {
      const step = fc.oneof(
        {
          weight: 6,
          arbitrary: fc.record({
            put: fc.constantFrom<DeliveryClass>('critical', 'business', 'metric'),
            bytes: fc.integer({ min: 0, max: 60_000 }),
          }),
        },
        { weight: 2, arbitrary: fc.record({ ack: fc.double({ min: 0, max: 1, noNaN: true }) }) },
        { weight: 1, arbitrary: fc.record({ refuse: fc.double({ min: 0, max: 1, noNaN: true }) }) },
        { weight: 1, arbitrary: fc.record({ passMs: fc.integer({ min: 0, max: 2_000_000 }) }) },
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 60 }), async (steps) => {
          const { outbox, clock, put } = start();
          const hub = new Set<number>();
          let declared: readonly SequenceRange[] = [];
          for (const s of steps) {
            if ('put' in s) await put(s.put, 0, s.bytes).catch(() => undefined);
            else if ('passMs' in s) clock.pass(s.passMs);
            else {
              const entries = await outbox.next(all);
              const some = entries.filter((_, i) => (i * 0.618) % 1 < ('ack' in s ? s.ack : s.refuse * 0.2));
              if ('refuse' in s) {
                await outbox.refuse(
                  newEpoch,
                  some.map(({ sequence }) => ({ sequence, code: 'x' })),
                );
                for (const entry of some.filter((e) => e.type.includes('gap')))
                  declared = [...declared, one(entry.sequence), ...gapSchema.parse(JSON.parse(entry.data)).ranges];
              } else {
                for (const entry of some) {
                  expect(hub.has(entry.sequence)).toBe(false);
                  hub.add(entry.sequence);
                  if (entry.type.includes('gap'))
                    declared = [...declared, ...gapSchema.parse(JSON.parse(entry.data)).ranges];
                }
                await outbox.acknowledge(newEpoch, rangesOf(sequences(some)));
              }
            }
            await whole(outbox);
            const { bytes, maxBytes, pending } = await outbox.stats();
            expect(bytes).toBeLessThanOrEqual(maxBytes + 20_000);
            const { critical, business, metric } = pending;
            expect((await outbox.contiguity()).pending).toBe(critical + business + metric);
          }
          // The hub's own view, once everything has arrived.
          for (const entry of await outbox.next({ ...all, events: 10_000, bytes: 1e9 })) {
            hub.add(entry.sequence);
            if (entry.type.includes('gap')) declared = [...declared, ...gapSchema.parse(JSON.parse(entry.data)).ranges];
          }
          const { highest } = await outbox.stats();
          if (highest > 0) expect(mergeRanges([...rangesOf([...hub]), ...declared])).toEqual([[1, highest]]);
        }),
        { numRuns: runs, seed: 7 },
      );
    });
  });
}
