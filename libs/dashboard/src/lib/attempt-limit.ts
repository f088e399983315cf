/** Counts tries per key in a sliding window. Keys are bounded; the one that tried longest ago leaves first. */
export interface AttemptLimit {
  /** @returns 0 when one more try may be made now, else how long to wait */
  waitMs(key: string): number;
  /** A try begins. It counts until the window is over, or until it is taken back. */
  count(key: string): void;
  takeBack(key: string): void;
}

export function createAttemptLimit(options: {
  readonly attempts: number;
  readonly windowMs: number;
  readonly maxKeys: number;
  /** Of a monotonic clock. */
  readonly nowMs: () => number;
}): AttemptLimit {
  const timesByKey = new Map<string, readonly number[]>();
  const recent = (key: string): readonly number[] => {
    const floor = options.nowMs() - options.windowMs;
    return (timesByKey.get(key) ?? []).filter((at) => at > floor);
  };
  const keep = (key: string, times: readonly number[]): void => {
    timesByKey.delete(key);
    if (times.length === 0) return;
    const oldest = timesByKey.keys().next();
    if (timesByKey.size >= options.maxKeys && oldest.done !== true) timesByKey.delete(oldest.value);
    timesByKey.set(key, times);
  };
  return {
    waitMs: (key) => {
      const [first, ...rest] = recent(key);
      if (first === undefined || rest.length + 1 < options.attempts) return 0;
      return first + options.windowMs - options.nowMs();
    },
    count: (key) => keep(key, [...recent(key), options.nowMs()].slice(-options.attempts)),
    takeBack: (key) => keep(key, recent(key).slice(0, -1)),
  };
}
