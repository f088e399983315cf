import { exponentialHistogramSchema } from '@edge-blueprints/contracts';
import type { ExponentialHistogram, HubLatencyView } from '@edge-blueprints/contracts';
import { emptyExponential, exponentialSnapshot, mergeExponential } from '@edge-blueprints/pipeline';
import { z } from 'zod';
import type { SqlSession } from '../store/sql-store.js';

const rowSchema = z.array(
  z.object({
    name: z.string(),
    attributes: z.record(z.string(), z.string()),
    histogram: exponentialHistogramSchema,
  }),
);

/** Rows of a page; a device that names more series than any real one shows the first. */
const maxRows = 60;

/** Quantiles of each duration by model and provider, from all histograms since a time, merged. */
export async function latenciesOf(
  session: SqlSession,
  deviceId: number,
  sinceMs: number,
): Promise<readonly HubLatencyView[]> {
  const { rows } = await session.query(
    `SELECT s.name, s.attributes, h.histogram
     FROM (SELECT series_id, histogram FROM histogram_part WHERE device_id = $1 AND at >= to_timestamp($2 / 1000.0)
       UNION ALL SELECT series_id, histogram FROM histogram_hour WHERE device_id = $1 AND at >= to_timestamp($2 / 1000.0)) h
     JOIN metric_series s ON s.id = h.series_id WHERE s.unit = 's'`,
    [deviceId, sinceMs],
  );
  const merged = new Map<
    string,
    { readonly view: Pick<HubLatencyView, 'name' | 'model' | 'provider'>; whole: ExponentialHistogram }
  >();
  for (const { name, attributes, histogram } of rowSchema.parse(rows)) {
    const { model = '', provider = '', stage } = attributes;
    const view = { name: stage === undefined ? name : `${name} ${stage}`, model, provider };
    const key = JSON.stringify(view);
    const before = merged.get(key)?.whole ?? emptyExponential;
    merged.set(key, { view, whole: mergeExponential(before, histogram) });
  }
  const ms = (seconds: number | null): number | null => (seconds === null ? null : seconds * 1000);
  return [...merged]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .slice(0, maxRows)
    .map(([, { view, whole }]) => {
      const { count, p50, p95, p99, max } = exponentialSnapshot(whole);
      return { ...view, count, p50Ms: ms(p50), p95Ms: ms(p95), p99Ms: ms(p99), maxMs: ms(max) };
    });
}
