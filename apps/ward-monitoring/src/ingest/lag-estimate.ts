export interface LagOptions {
  /** How far a device clock may jump before it counts as a step. */
  readonly stepMs: number;
  /** The smallest delay of so long is taken for no delay, so that a drifting clock does not look like a growing one. */
  readonly windowMs: number;
  /** A buffer is sent again faster than it was filled; samples that seem late for longer are live, and the offset is wrong. */
  readonly longestReplayMs: number;
  /** Offset of the same clock in the life before, so that what a broker kept meanwhile does not count as just measured. */
  readonly startOffsetMs?: number | undefined;
}

export interface Lag {
  /** How long the sample waited before the gateway received it, at least 0. */
  readonly lagMs: number;
  /** The device's clock cannot be believed: it jumped. */
  readonly stepped: boolean;
}

export interface LagEstimate {
  /** @param newest whether no later number of this device was seen before: those come in the order in which they were measured */
  note(deviceMs: number, receivedMs: number, newest: boolean): Lag;
  /** Receipt less device time without any wait; undefined before the first sample. */
  offsetMs(): number | undefined;
}

const buckets = 10;

/**
 * How old a sample is, from differences of the device's clock only: the smallest (receipt - device time) of the last minutes is the
 * clock's offset, and what a sample has above it is its wait. The absolute time of the device plays no part. A clock that jumps
 * back while the numbers go on, or forward beyond what can have passed, is a step: the sample then counts as just measured,
 * because a wrong clock must not make a live value silent.
 */
export function createLagEstimate({ stepMs, windowMs, longestReplayMs, startOffsetMs }: LagOptions): LagEstimate {
  let least: { readonly bucket: number; readonly offsetMs: number }[] = [];
  let lastDeviceMs: number | undefined;
  let waiting: { readonly sinceMs: number; readonly offsetMs: number } | undefined;
  const bucketMs = windowMs / buckets;

  const learn = (offsetMs: number, receivedMs: number): void => {
    const bucket = Math.floor(receivedMs / bucketMs);
    const last = least.at(-1);
    waiting = undefined;
    if (last?.bucket === bucket) least[least.length - 1] = { bucket, offsetMs: Math.min(last.offsetMs, offsetMs) };
    else {
      least.push({ bucket, offsetMs });
      least = least.slice(-buckets);
    }
  };

  const known = (): number | undefined =>
    least.length === 0 ? startOffsetMs : Math.min(...least.map((one) => one.offsetMs));

  return {
    offsetMs: known,
    note(deviceMs, receivedMs, newest) {
      const offsetMs = receivedMs - deviceMs;
      const base = known() ?? offsetMs;
      const back = newest && lastDeviceMs !== undefined && deviceMs < lastDeviceMs - stepMs;
      const forward = offsetMs < base - stepMs;
      if (newest) lastDeviceMs = deviceMs;
      if ((back || forward) && newest) {
        least = [];
        learn(offsetMs, receivedMs);
        return { lagMs: 0, stepped: true };
      }
      const lagMs = Math.max(0, offsetMs - base);
      if (!newest) return { lagMs, stepped: false };
      if (lagMs < stepMs) {
        learn(offsetMs, receivedMs);
        return { lagMs, stepped: false };
      }
      waiting = {
        sinceMs: waiting?.sinceMs ?? receivedMs,
        offsetMs: Math.min(waiting?.offsetMs ?? offsetMs, offsetMs),
      };
      if (receivedMs - waiting.sinceMs < longestReplayMs) return { lagMs, stepped: false };
      least = [];
      learn(waiting.offsetMs, receivedMs);
      return { lagMs: 0, stepped: true };
    },
  };
}
