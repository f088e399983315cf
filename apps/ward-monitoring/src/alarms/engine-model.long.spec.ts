import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareWithReference, engineEvent } from '../testing/alarms/engine-events.js';

test('agrees with the reference model over 120,000 events', { timeout: 600_000 }, () => {
  let events = 0;
  fc.assert(
    fc.property(fc.array(engineEvent, { minLength: 100, maxLength: 200, size: 'max' }), (sequence) => {
      events += sequence.length;
      expect(compareWithReference(sequence)).toBeUndefined();
    }),
    { numRuns: 1_100, seed: 11 },
  );
  expect(events).toBeGreaterThan(120_000);
});
