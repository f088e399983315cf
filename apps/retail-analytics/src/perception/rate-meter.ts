/** How often something happens, over the last seconds. Fixed size. */
export interface RateMeter {
  count(): void;
  /** Events a second; over the time since the first event while that is shorter than the window. */
  perS(): number;
}

const binMs = 250;
const bins = 20;

/** @param nowMs of a monotonic clock */
export function createRateMeter(nowMs: () => number): RateMeter {
  const counts = new Int32Array(bins);
  const binOf = new Float64Array(bins).fill(-1);
  let firstMs: number | undefined;
  return {
    count: () => {
      const now = nowMs();
      firstMs ??= now;
      const bin = Math.floor(now / binMs);
      const at = bin % bins;
      if (binOf[at] !== bin) {
        binOf[at] = bin;
        counts[at] = 0;
      }
      counts[at] = (counts[at] ?? 0) + 1;
    },
    perS: () => {
      if (firstMs === undefined) return 0;
      const now = nowMs();
      const current = Math.floor(now / binMs);
      let sum = 0;
      for (let i = 0; i < bins; i += 1) {
        const bin = binOf[i] ?? -1;
        // The running bin is left out: it is not over, and counting it half would make the rate flicker.
        if (bin < current && bin >= current - bins + 1) sum += counts[i] ?? 0;
      }
      const windowMs = Math.min((bins - 1) * binMs, (current - Math.floor(firstMs / binMs)) * binMs);
      return windowMs <= 0 ? 0 : (sum * 1_000) / windowMs;
    },
  };
}
