import type { Clock, DeliveryClass } from '@edge-blueprints/contracts';
import type { OutboxInput } from '../outbox-port.js';

export type TestClock = Clock & { pass(ms: number): void; step(wallMs: number): void };

/** Starts at zero; `pass` moves both clocks, `step` only the wall clock. */
export function createTestClock(): TestClock {
  let [monotonic, wall] = [0, Date.UTC(2026, 0, 1)];
  return {
    monotonicMs: () => monotonic,
    epochMs: () => wall,
    pass(ms) {
      monotonic += ms;
      wall += ms;
    },
    step: (ms) => void (wall += ms),
  };
}

export const boot = 'b007b007b007b007';
export const newEpoch = 'e0c4e0c4e0c4e0c4';

export function inputOf(
  clock: Clock,
  deliveryClass: DeliveryClass,
  n: number,
  bytes = 0,
): OutboxInput<'edge-blueprints.audit.v1'> {
  return {
    type: 'edge-blueprints.audit.v1',
    deliveryClass,
    simulated: true,
    epochMs: clock.epochMs(),
    uptimeMs: clock.monotonicMs(),
    data: { who: `n${n}`, action: 'test', target: 'x'.repeat(bytes), reason: '' },
  };
}
