import type { UplinkView } from '@edge-blueprints/contracts';

/** An invented connection to a hub: in order, cut for a while, or cut until the room for audit and alarms is full. */
export function inventedUplink(story: 'connected' | 'cut' | 'full', inspected: number): UplinkView {
  const delivered = 48_000 + inspected;
  const connected = {
    url: 'mqtts://hub.plant.example:8883',
    state: 'connected',
    pending: { critical: 0, business: 1, metric: 0 },
    bytes: 4_096,
    maxBytes: 268_435_456,
    oldestAgeMs: 180,
    delivered,
    declaredLost: 0,
    resent: 0,
    criticalFull: false,
    lastError: null,
  } as const satisfies UplinkView;
  if (story === 'connected') return connected;
  const cut = {
    ...connected,
    state: 'waiting',
    pending: { critical: 14, business: 5_312, metric: 61 },
    bytes: 9_805_824,
    oldestAgeMs: 3_720_000,
    delivered: delivered - 5_312,
    resent: 240,
    lastError: 'connect ETIMEDOUT hub.plant.example:8883',
  } as const satisfies UplinkView;
  if (story === 'cut') return cut;
  return {
    ...cut,
    pending: { critical: 40_960, business: 118_204, metric: 0 },
    bytes: 266_338_304,
    oldestAgeMs: 7 * 86_400_000,
    declaredLost: 1_441,
    criticalFull: true,
  };
}
