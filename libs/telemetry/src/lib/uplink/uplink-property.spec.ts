import fc from 'fast-check';
import type { SequenceRange } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import type { Outbox } from '../outbox/outbox-port.js';
import { createMemoryOutbox } from '../outbox/memory-outbox.js';
import { createVirtualDevice } from './testing/virtual-device.js';
import { createVirtualSite } from './testing/virtual-site.js';

const name = 'site-01.device-0001';
const epoch = 'aaaaaaaaaaaaaaaa';

/** What may happen, in any order. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('append' as const), count: fc.integer({ min: 1, max: 8 }) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 40_000 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('way' as const), way: fc.constantFrom('up', 'cut', 'blackhole') }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('broker' as const), up: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('hub' as const),
      up: fc.boolean(),
      batchLost: fc.constantFrom(0, 0.3, 1),
      ackLost: fc.constantFrom(0, 0.3, 1),
      ackTwice: fc.constantFrom(0, 0.5),
      ackLateMs: fc.constantFrom(0, 5_000, 30_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('power' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('clock' as const), ms: fc.integer({ min: -1e12, max: 1e12 }) }),
  },
);

describe('any interleaving of send, acknowledgement, loss, power cut and reconnection', () => {
  it('deletes no event before the hub has it, and in the end delivered + declared = contiguous', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.array(step, { maxLength: 40 }), async (seed, steps) => {
        const site = createVirtualSite({
          seed,
          check: false,
          refuse: (_from, sequence) => (sequence % 23 === 0 ? 'hub.event-data' : undefined),
        });
        const deletedTooEarly: number[] = [];
        const outbox = watched(
          createMemoryOutbox({
            clock: site.time.clock,
            boot: '00000000000000b1',
            newEpoch: epoch,
            maxBytes: 5_000_000,
            criticalBytes: 1_000_000,
            maxAgeMs: 1e10,
          }),
          (numbers) => {
            const { delivered } = site.ingest.stream(name, epoch);
            deletedTooEarly.push(...numbers.filter((n) => !delivered.some(([from, to]) => n >= from && n <= to)));
          },
        );
        let starts = 0;
        const boot = () =>
          createVirtualDevice({
            name,
            seed: seed + (starts += 1),
            time: site.time,
            broker: site.broker,
            outbox,
            epoch,
          });
        let device = boot();
        for (const happens of steps) {
          if (happens.kind === 'append')
            for (let i = 0; i < happens.count; i++)
              await device.append({
                type: 'edge-blueprints.audit.v1',
                deliveryClass: i % 3 === 0 ? 'critical' : 'business',
                data: { who: 'a', action: 'b', target: 'c', reason: '' },
              });
          else if (happens.kind === 'pass') await site.time.advance(happens.ms);
          else if (happens.kind === 'way') site.broker.setWay(name, happens.way);
          else if (happens.kind === 'broker') site.broker.setUp(happens.up);
          else if (happens.kind === 'clock') site.time.stepWallClock(happens.ms);
          else if (happens.kind === 'hub') {
            const { kind: _, ...faults } = happens;
            Object.assign(site.faults, faults);
          } else {
            site.broker.setWay(name, 'cut');
            await device.uplink.close();
            site.broker.setWay(name, 'up');
            device = boot();
          }
          const { missing, twice } = await outbox.contiguity();
          expect({ missing, twice, deletedTooEarly }).toEqual({ missing: 0, twice: 0, deletedTooEarly: [] });
          expect(device.uplink.stats().inFlightBatches).toBeLessThanOrEqual(5);
        }
        Object.assign(site.faults, { up: true, batchLost: 0, ackLost: 0, ackTwice: 0, ackLateMs: 0 });
        site.broker.setUp(true);
        site.broker.setWay(name, 'up');
        await site.time.advance(2 * 3_600_000);
        const { highest, pending } = await outbox.contiguity();
        const stream = site.ingest.stream(name, epoch);
        expect({ pending, missing: stream.missing, highest: stream.highest }).toEqual({
          pending: 0,
          missing: 0,
          highest,
        });
        expect(deletedTooEarly).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

/** Looks at every number that the uplink takes out as delivered. */
function watched(outbox: Outbox, taken: (numbers: readonly number[]) => void): Outbox {
  const numbersOf = ([from, to]: SequenceRange): number[] => Array.from({ length: to - from + 1 }, (_, i) => from + i);
  return {
    ...outbox,
    async acknowledge(of, accepted) {
      taken(accepted.flatMap(numbersOf));
      await outbox.acknowledge(of, accepted);
    },
  };
}
