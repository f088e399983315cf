import type { AlertView, DeviceDetailView, DeviceIdentity } from '@edge-blueprints/contracts';
import { wilsonInterval } from '@edge-blueprints/pipeline';
import { z } from 'zod';
import { parseMultirange } from '../ingest/number-ranges.js';
import type { SqlStore } from '../store/sql-store.js';
import { epochsOf } from './contiguity.js';
import type { DeviceBook } from './device-book.js';
import { latenciesOf } from './device-latency.js';
import { seriesOf } from './device-series.js';

const deviceSchema = z.object({
  id: z.number(),
  first_seen_at: z.date(),
  online: z.boolean(),
  boot: z.string().nullable(),
  version: z.string(),
  bundle: z.string(),
  variant: z.string(),
  provider: z.string(),
  page_url: z.string().nullable(),
  clock_skew_ms: z.number().nullable(),
});
const verdictSchema = z.object({ pass: z.number(), reject: z.number(), review: z.number(), error: z.number() });
const gapSchema = z.array(z.object({ event_at: z.date(), numbers: z.string(), cause: z.string() }));

const dayMs = 86_400_000;
const seriesMs = 2 * 3_600_000;
const maxGaps = 50;
const maxEpochs = 20;

/** Latencies and verdicts of the last day, series of the last two hours. @returns undefined for a device that never spoke */
export async function readDeviceDetail(
  store: SqlStore,
  identity: DeviceIdentity,
  deps: {
    readonly nowMs: number;
    readonly book: DeviceBook;
    readonly alertsOf: (identity: DeviceIdentity) => Promise<readonly AlertView[]>;
  },
): Promise<DeviceDetailView | undefined> {
  const [row] = await deps.book.rowsOf([identity]);
  const found = await store.query(
    `SELECT id, first_seen_at, online, boot, version, bundle, variant, provider, page_url, clock_skew_ms
     FROM device WHERE site = $1 AND device = $2`,
    [identity.site, identity.device],
  );
  const device = deviceSchema.safeParse(found.rows[0]);
  if (row === undefined || !device.success) return undefined;
  const { id, ...rest } = device.data;
  const since = deps.nowMs - dayMs;
  const sums = await store.query(
    `SELECT coalesce(sum(pass), 0)::int8 AS pass, coalesce(sum(reject), 0)::int8 AS reject,
       coalesce(sum(review), 0)::int8 AS review, coalesce(sum(error), 0)::int8 AS error
     FROM verdict_hour WHERE device_id = $1 AND at >= to_timestamp($2 / 1000.0)`,
    [id, since],
  );
  const verdicts = verdictSchema.parse(sums.rows[0]);
  const parts = verdicts.pass + verdicts.reject + verdicts.review + verdicts.error;
  const gaps = await store.query(
    'SELECT event_at, numbers::text, cause FROM gap WHERE device_id = $1 ORDER BY id DESC LIMIT $2',
    [id, maxGaps],
  );
  return {
    row,
    firstSeenAt: rest.first_seen_at.toISOString(),
    online: rest.online,
    boot: rest.boot,
    version: rest.version,
    bundle: rest.bundle,
    variant: rest.variant,
    provider: rest.provider,
    pageUrl: rest.page_url,
    clockSkewMs: rest.clock_skew_ms,
    latencies: await latenciesOf(store, id, since),
    verdicts,
    rejectShare: { count: verdicts.reject, of: parts, ...wilsonInterval(verdicts.reject, parts) },
    series: await seriesOf(store, id, deps.nowMs - seriesMs),
    epochs: await epochsOf(store, id, maxEpochs),
    gaps: gapSchema
      .parse(gaps.rows)
      .flatMap(({ event_at: at, numbers, cause }) =>
        parseMultirange(numbers).map(([from, to]) => ({ at: at.toISOString(), from, to, cause })),
      )
      .slice(0, maxGaps),
    alerts: await deps.alertsOf(identity),
  };
}
