import { UsageError } from '@edge-blueprints/contracts';

/** Quantiles in ms, each null where the count cannot support it (see `samplesForQuantile`). */
export interface LatencySnapshot {
  readonly count: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
  readonly maxMs: number | null;
  readonly sumMs: number;
}

/** Logarithmic buckets of 1 % width from 1 us to about 10 minutes: a fixed size, merged without error, never averaged. */
export interface LatencyHistogram {
  /** Negative values count as 0; NaN is a fault of the caller. */
  record(ms: number): void;
  merge(other: LatencyHistogram): void;
  snapshot(): LatencySnapshot;
  /** Bucket counts, for merging and export. */
  counts(): Float64Array;
  readonly maxMs: number;
  readonly sumMs: number;
}

const floorMs = 0.001;
const logWidth = Math.log(1.01);
const buckets = 2035;

/**
 * The least number of samples from which a quantile is printed. p99 needs 662 and p95 59: below that the sample's own
 * maximum is as likely as not the answer. Source: MLPerf loadgen early-stopping floor (p99), ln 0.05 / ln 0.95 (p95).
 */
export const samplesForQuantile = { p50: 1, p95: 59, p99: 662 } as const;

export function createLatencyHistogram(): LatencyHistogram {
  const counts = new Float64Array(buckets);
  let count = 0;
  let maxMs = 0;
  let sumMs = 0;
  const quantile = (q: number, needed: number): number | null => {
    if (count < needed) return null;
    const rank = Math.max(1, Math.ceil(q * count));
    let seen = 0;
    for (let i = 0; i < buckets; i++) {
      seen += counts[i] ?? 0;
      if (seen >= rank) return Math.min(maxMs, floorMs * Math.exp((i + 0.5) * logWidth));
    }
    return maxMs;
  };
  return {
    record(ms) {
      if (Number.isNaN(ms))
        throw new UsageError('pipeline.latency-nan', 'A latency must be a number of milliseconds, got NaN.');
      const value = Math.max(0, ms);
      const index = value <= floorMs ? 0 : Math.min(buckets - 1, Math.floor(Math.log(value / floorMs) / logWidth));
      counts[index] = (counts[index] ?? 0) + 1;
      count += 1;
      sumMs += value;
      if (value > maxMs) maxMs = value;
    },
    merge(other) {
      other.counts().forEach((n, i) => {
        counts[i] = (counts[i] ?? 0) + n;
        count += n;
      });
      maxMs = Math.max(maxMs, other.maxMs);
      sumMs += other.sumMs;
    },
    snapshot: () => ({
      count,
      p50Ms: quantile(0.5, samplesForQuantile.p50),
      p95Ms: quantile(0.95, samplesForQuantile.p95),
      p99Ms: quantile(0.99, samplesForQuantile.p99),
      maxMs: count === 0 ? null : maxMs,
      sumMs,
    }),
    counts: () => counts,
    get maxMs() {
      return maxMs;
    },
    get sumMs() {
      return sumMs;
    },
  };
}
