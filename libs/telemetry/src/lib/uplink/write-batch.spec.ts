import fc from 'fast-check';
import { cloudEventSchema, deliveryClasses, fleetLimits, parseFleetJson } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { OutboxEntry } from '../outbox/outbox-port.js';
import { writeBatch } from './write-batch.js';

const origin = {
  identity: { site: 'site-01', device: 'device-0001' },
  epoch: 'aaaaaaaaaaaaaaaa',
  sentEpochMs: Date.UTC(2026, 0, 1),
  sentUptimeMs: 1_234.6,
};

const entry = fc.record({
  sequence: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
  boot: fc.constant('bbbbbbbbbbbbbbbb'),
  type: fc.string({ minLength: 1, maxLength: 40 }),
  deliveryClass: fc.constantFrom(...deliveryClasses),
  simulated: fc.boolean(),
  epochMs: fc.oneof(fc.double(), fc.integer()),
  uptimeMs: fc.double({ noNaN: true, noDefaultInfinity: true, min: -10, max: 1e12 }),
  data: fc.json({ maxDepth: 3 }),
});
const plain = (sequence: number, data: string): OutboxEntry => ({
  sequence,
  boot: 'bbbbbbbbbbbbbbbb',
  type: 't',
  deliveryClass: 'business',
  simulated: false,
  epochMs: 0,
  uptimeMs: 0,
  data,
});

describe('writeBatch', () => {
  it('writes what the schema of the wire reads, whatever clocks and data are', () => {
    fc.assert(
      fc.property(
        fc.array(entry, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: 1, max: 20_000 }),
        (entries, max) => {
          const { payload, numbers, tooLarge } = writeBatch(entries, origin, max);
          const parsed = parseFleetJson(z.array(cloudEventSchema), payload);
          expect(parsed.ok ? '' : parsed.problem).toBe('');
          const events = parsed.ok ? parsed.value : [];
          expect(events.map(({ sequence }) => sequence)).toEqual(numbers);
          expect(tooLarge).toEqual([]);
          expect(numbers).toEqual(entries.slice(0, numbers.length).map(({ sequence }) => sequence));
          expect(payload.byteLength <= max || numbers.length === 1).toBe(true);
          events.forEach((event, i) => {
            expect(event.data).toEqual(JSON.parse(entries[i]!.data));
            expect(event).toMatchObject({
              sentuptimems: 1_235,
              senttime: '2026-01-01T00:00:00.000Z',
              type: entries[i]!.type,
            });
          });
        },
      ),
    );
  });

  it('takes the largest event that an outbox may hold, and no more than a batch may have', () => {
    const large = plain(1, JSON.stringify('ä'.repeat(fleetLimits.eventBytes / 2 - 10)));
    const { payload, numbers } = writeBatch([large, large], origin, fleetLimits.batchBytes);
    expect(numbers).toEqual([1]);
    expect(payload.byteLength).toBeLessThanOrEqual(fleetLimits.batchBytes);
    const many = Array.from({ length: 600 }, (_, i) => plain(i + 1, '1'));
    expect(writeBatch(many, origin, 10_000_000).numbers).toHaveLength(fleetLimits.batchEvents);
  });

  it('sets aside what no batch can carry, and goes on with the rest', () => {
    const huge = plain(1, JSON.stringify('x'.repeat(fleetLimits.batchBytes)));
    expect(writeBatch([huge, plain(2, '{}')], origin, 1_000)).toMatchObject({ numbers: [2], tooLarge: [1] });
  });
});
