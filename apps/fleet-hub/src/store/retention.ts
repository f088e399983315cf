import { exponentialHistogramSchema } from '@edge-blueprints/contracts';
import type { ExponentialHistogram } from '@edge-blueprints/contracts';
import { emptyExponential, mergeExponential } from '@edge-blueprints/pipeline';
import { z } from 'zod';
import type { SqlSession, SqlStore } from './sql-store.js';

const days = (low: number, high: number, description: string) => z.int().min(low).max(high).meta({ description });
const rows = (description: string) => z.int().min(100).max(1_000_000_000).meta({ description });

/** What the hub keeps. Whatever is reached first, age or count, deletes the oldest. */
export const retentionConfigSchema = z.strictObject({
  eventDays: days(1, 3_650, 'Events of parts, drift, audit and gaps, by the time they came in.').default(90),
  eventRows: rows('Events at most.').default(5_000_000),
  minuteHours: z.int().min(2).max(720).default(48).meta({
    description: 'Gauges and counters by minute; older ones are kept by hour.',
  }),
  hourDays: days(1, 3_650, 'Gauges, counters, latencies and verdicts by hour.').default(400),
  quarantineRows: rows('Refused events and payloads at most.').default(10_000),
  gapRows: rows('Gap records at most; what they declare is kept for ever.').default(1_000_000),
  labelDays: days(1, 3_650, 'Label tasks with their pictures, open or done.').default(180),
  labelRows: rows('Label tasks at most.').default(20_000),
  releaseDays: days(1, 3_650, 'Releases of stores, by the end of their window.').default(800),
  releaseRows: rows('Releases of stores at most.').default(2_000_000),
  changeRows: rows('Changes that wait for the alerts at most.').default(200_000),
});
export type RetentionConfig = Readonly<z.infer<typeof retentionConfigSchema>>;

export interface RetentionCounts {
  readonly deleted: Readonly<Record<string, number>>;
  readonly folded: number;
}

export interface Retention {
  /** Does one bounded piece of each work. @returns whether more is waiting */
  step(): Promise<boolean>;
  /** Since the start of this process. */
  counts(): RetentionCounts;
}

/** Rows that one transaction deletes or folds, so that it never holds the store for long. */
const atOnce = 5_000;
const foldedHistograms = 2_000;
const histogramHoldMs = 3_600_000;
const dayMs = 86_400_000;
/** Any number, the same in all hubs: one process cleans at a time. */
const advisoryLock = 7_270_003;

const partSchema = z.array(
  z.object({ device_id: z.number(), series_id: z.number(), hour: z.date(), histogram: exponentialHistogramSchema }),
);

/** Keeps the store within its bounds. Call `step` every minute, and again at once while it returns true. */
export function createRetention(
  store: SqlStore,
  config: RetentionConfig,
  deps: { readonly epochMs: () => number },
): Retention {
  const deleted: Record<string, number> = {};
  let folded = 0;
  const before = (ms: number): string => new Date(deps.epochMs() - ms).toISOString();
  /** The oldest rows, which have the lowest numbers. */
  const byAge = (table: string, column: string, ms: number) => ({
    table,
    sql: `DELETE FROM ${table} WHERE id IN (
      SELECT id FROM (SELECT id, ${column} AS at FROM ${table} ORDER BY id LIMIT ${atOnce}) o WHERE at < $1)`,
    value: before(ms),
  });
  const byCount = (table: string, most: number) => ({
    table,
    sql: `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE id <=
      (SELECT id FROM ${table} ORDER BY id DESC OFFSET $1::int8 LIMIT 1) ORDER BY id LIMIT ${atOnce})`,
    value: most,
  });
  const byHour = (table: string) => ({
    table,
    sql: `DELETE FROM ${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM ${table} WHERE at < $1 LIMIT ${atOnce}))`,
    value: before(config.hourDays * dayMs),
  });
  const alone = async (work: (session: SqlSession) => Promise<number>): Promise<number> =>
    store.transaction(async (session) => {
      const lock = await session.query('SELECT pg_try_advisory_xact_lock($1) AS mine', [advisoryLock]);
      return lock.rows[0]?.['mine'] === true ? work(session) : 0;
    });

  return {
    step: async () => {
      let more = false;
      for (const { table, sql, value } of [
        byAge('event', 'received_at', config.eventDays * dayMs),
        byCount('event', config.eventRows),
        byCount('gap', config.gapRows),
        byCount('quarantine', config.quarantineRows),
        byAge('label_task', 'event_at', config.labelDays * dayMs),
        byCount('label_task', config.labelRows),
        byAge('retail_release', 'window_to', config.releaseDays * dayMs),
        byCount('retail_release', config.releaseRows),
        byCount('fleet_change', config.changeRows),
        byHour('metric_hour'),
        byHour('histogram_hour'),
        byHour('verdict_hour'),
      ]) {
        const n = await alone(async (session) => (await session.query(sql, [value])).affected);
        deleted[table] = (deleted[table] ?? 0) + n;
        more ||= n >= atOnce;
      }
      const minutes = await alone((session) => foldMinutes(session, before(config.minuteHours * 3_600_000)));
      const parts = await alone((session) => foldHistograms(session, before(histogramHoldMs)));
      folded += minutes + parts;
      await store.query('DELETE FROM ingest_worker WHERE at < $1', [before(dayMs)]);
      return more || minutes >= atOnce || parts >= foldedHistograms;
    },
    counts: () => ({ deleted: { ...deleted }, folded }),
  };
}

async function foldMinutes(session: SqlSession, before: string): Promise<number> {
  const { rows: result } = await session.query(
    `WITH old AS (
       DELETE FROM metric_minute WHERE ctid = ANY (ARRAY(SELECT ctid FROM metric_minute WHERE at < $1 LIMIT ${atOnce})) RETURNING *),
     put AS (
       INSERT INTO metric_hour AS h (device_id, series_id, at, n, total, low, high, last, last_at)
       SELECT device_id, series_id, date_bin('1 hour', at, '2000-01-01T00:00:00Z'), sum(n), sum(total), min(low), max(high),
         (array_agg(last ORDER BY last_at DESC))[1], max(last_at)
       FROM old GROUP BY 1, 2, 3
       ON CONFLICT (device_id, series_id, at) DO UPDATE SET
         n = h.n + excluded.n, total = h.total + excluded.total,
         low = least(h.low, excluded.low), high = greatest(h.high, excluded.high),
         last = CASE WHEN excluded.last_at >= h.last_at THEN excluded.last ELSE h.last END,
         last_at = greatest(h.last_at, excluded.last_at))
     SELECT count(*)::int8 AS n FROM old`,
    [before],
  );
  return Number(result[0]?.['n']);
}

/** Merges parts of the same hour: the hour's histogram is the one of all its values. */
async function foldHistograms(session: SqlSession, before: string): Promise<number> {
  const hour = `date_bin('1 hour', at, '2000-01-01T00:00:00Z') AS hour`;
  const taken = await session.query(
    `DELETE FROM histogram_part WHERE id IN (SELECT id FROM histogram_part WHERE at < $1 ORDER BY at LIMIT ${foldedHistograms})
     RETURNING device_id, series_id, ${hour}, histogram`,
    [before],
  );
  const parts = partSchema.parse(taken.rows);
  if (parts.length === 0) return 0;
  const keyOf = (row: (typeof parts)[number]): string => `${row.device_id} ${row.series_id} ${row.hour.toISOString()}`;
  const wanted = new Map(
    parts.map((row) => [keyOf(row), { device_id: row.device_id, series_id: row.series_id, at: row.hour }]),
  );
  const known = await session.query(
    `SELECT h.device_id, h.series_id, h.at AS hour, h.histogram FROM histogram_hour h
     JOIN jsonb_to_recordset($1::jsonb) AS i(device_id int, series_id int, at timestamptz) USING (device_id, series_id, at)`,
    [JSON.stringify([...wanted.values()])],
  );
  const merged = new Map<string, ExponentialHistogram>();
  for (const row of [...partSchema.parse(known.rows), ...parts])
    merged.set(keyOf(row), mergeExponential(merged.get(keyOf(row)) ?? emptyExponential, row.histogram));
  await session.query(
    `INSERT INTO histogram_hour (device_id, series_id, at, histogram)
     SELECT device_id, series_id, at, histogram
     FROM jsonb_to_recordset($1::jsonb) AS i(device_id int, series_id int, at timestamptz, histogram jsonb)
     ON CONFLICT (device_id, series_id, at) DO UPDATE SET histogram = excluded.histogram`,
    [JSON.stringify([...wanted].map(([key, row]) => ({ ...row, histogram: merged.get(key) })))],
  );
  return parts.length;
}
