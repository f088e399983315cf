import { describe, expect, it } from 'vitest';
import { createMemoryOutbox } from './memory-outbox.js';
import { outboxContract } from './testing/outbox-contract.js';
import { boot, createTestClock, newEpoch } from './testing/test-events.js';

outboxContract('createMemoryOutbox', createMemoryOutbox);

describe('checkOutboxLimits', () => {
  it('names every setting that cannot work', () => {
    const clock = createTestClock();
    expect(() =>
      createMemoryOutbox({ maxBytes: 10, criticalBytes: 1, maxAgeMs: 0, clock, boot: 'x', newEpoch: `${newEpoch}0` }),
    ).toThrow(/criticalBytes is 1.*maxBytes is 10.*maxAgeMs is 0.*boot is "x".*newEpoch/s);
    expect(boot).toHaveLength(16);
  });
});
