/** Token bucket per key: `burst` requests at once, then `perSecond`. Keys are bounded; the longest unused one leaves first. */
export interface RequestRate {
  /** @returns 0 when the request may pass, else how long to wait */
  take(key: string): number;
}

export function createRequestRate(options: {
  readonly perSecond: number;
  readonly burst: number;
  readonly maxKeys: number;
  /** Of a monotonic clock. */
  readonly nowMs: () => number;
}): RequestRate {
  const { perSecond, burst, maxKeys, nowMs } = options;
  const buckets = new Map<string, { readonly tokens: number; readonly atMs: number }>();
  return {
    take: (key) => {
      const atMs = nowMs();
      const last = buckets.get(key);
      const tokens =
        last === undefined ? burst : Math.min(burst, last.tokens + ((atMs - last.atMs) / 1000) * perSecond);
      buckets.delete(key);
      const oldest = buckets.keys().next();
      if (buckets.size >= maxKeys && oldest.done !== true) buckets.delete(oldest.value);
      const passes = tokens >= 1;
      buckets.set(key, { tokens: passes ? tokens - 1 : tokens, atMs });
      return passes ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000);
    },
  };
}
