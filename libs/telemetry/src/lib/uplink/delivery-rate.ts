export interface DeliveryRate {
  delivered(events: number, nowMs: number): void;
  /** Seconds until `waiting` events are delivered at this rate; null while it is unknown. */
  drainSeconds(waiting: number, nowMs: number): number | null;
  lastAgeMs(nowMs: number): number | null;
}

const memoryMs = 60_000;
/** Below one event in a day the rate says nothing any more. */
const leastPerMs = 1 / 86_400_000;

/** Events per ms, each weighing less the older it is (time constant one minute). */
export function createDeliveryRate(): DeliveryRate {
  let perMs = 0;
  let atMs: number | null = null;
  const at = (nowMs: number): number => perMs * Math.exp(((atMs ?? nowMs) - nowMs) / memoryMs);
  return {
    delivered(events, nowMs) {
      perMs = at(nowMs) + events / memoryMs;
      atMs = nowMs;
    },
    drainSeconds(waiting, nowMs) {
      if (waiting === 0) return 0;
      const rate = at(nowMs);
      return rate < leastPerMs ? null : waiting / rate / 1_000;
    },
    lastAgeMs: (nowMs) => (atMs === null ? null : Math.max(0, nowMs - atMs)),
  };
}
