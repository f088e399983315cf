import { metricCatalogue } from '@edge-blueprints/contracts';
import type { ExponentialHistogram } from '@edge-blueprints/contracts';
import { mergeExponential } from '@edge-blueprints/pipeline';
import type { SqlSession } from '../store/sql-store.js';
import { minuteMs, ofType, startOf } from './fresh-event.js';
import type { FreshEvent } from './fresh-event.js';
import { seriesKey } from './series-numbers.js';
import type { SeriesName, SeriesNumbers } from './series-numbers.js';

interface Point {
  readonly n: number;
  readonly total: number;
  readonly low: number;
  readonly high: number;
  readonly last: number;
  readonly lastMs: number;
}

/** Values of one series of one device in one minute. */
interface Cell<T> {
  readonly deviceId: number;
  readonly series: string;
  readonly at: string;
  readonly value: T;
}

const units: Readonly<Record<string, { readonly unit: string } | undefined>> = metricCatalogue;

/** Gauges and counters by minute; histograms merged by minute, without error. */
export async function writeMetrics(
  session: SqlSession,
  fresh: readonly FreshEvent[],
  numbers: SeriesNumbers,
): Promise<void> {
  const names = new Map<string, SeriesName>();
  const points = new Map<string, Cell<Point>>();
  const histograms = new Map<string, Cell<ExponentialHistogram>>();
  const put = <T>(
    cells: Map<string, Cell<T>>,
    each: FreshEvent,
    name: SeriesName,
    value: T,
    join: (a: T, b: T) => T,
  ) => {
    const series = seriesKey(name);
    const at = startOf(minuteMs, each.atMs);
    const key = `${each.deviceId} ${at} ${series}`;
    const before = cells.get(key);
    names.set(series, name);
    cells.set(key, {
      deviceId: each.deviceId,
      series,
      at,
      value: before === undefined ? value : join(before.value, value),
    });
  };
  for (const each of ofType(fresh, 'edge-blueprints.metrics.v1')) {
    const { gauges, counters, histograms: parts } = each.event.data;
    for (const { name, attributes, value } of gauges)
      put(points, each, { kind: 'gauge', name, unit: unitOf(name), attributes }, single(value, each.atMs), joinPoints);
    for (const { name, attributes, increment } of counters)
      put(
        points,
        each,
        { kind: 'counter', name, unit: unitOf(name), attributes },
        single(increment, each.atMs),
        joinPoints,
      );
    for (const { name, attributes, unit, ...histogram } of parts)
      put(histograms, each, { kind: 'histogram', name, unit, attributes }, histogram, mergeExponential);
  }
  if (names.size === 0) return;
  const ids = await numbers.resolve(session, names);
  await writePoints(session, [...points.values()], ids);
  await writeHistograms(session, [...histograms.values()], ids);
}

async function writePoints(
  session: SqlSession,
  cells: readonly Cell<Point>[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = cells.flatMap(({ deviceId, series, at, value: { lastMs, ...value } }) => {
    const id = ids.get(series);
    return id === undefined ? [] : [{ device_id: deviceId, series_id: id, at, ...value, last_ms: lastMs }];
  });
  if (rows.length === 0) return;
  await session.query(
    `INSERT INTO metric_minute AS m (device_id, series_id, at, n, total, low, high, last, last_at)
     SELECT device_id, series_id, at, n, total, low, high, last, to_timestamp(last_ms / 1000.0)
     FROM jsonb_to_recordset($1::jsonb) AS i(device_id int, series_id int, at timestamptz, n int8, total float8, low float8,
       high float8, last float8, last_ms float8)
     ON CONFLICT (device_id, series_id, at) DO UPDATE SET
       n = m.n + excluded.n, total = m.total + excluded.total,
       low = least(m.low, excluded.low), high = greatest(m.high, excluded.high),
       last = CASE WHEN excluded.last_at >= m.last_at THEN excluded.last ELSE m.last END,
       last_at = greatest(m.last_at, excluded.last_at)`,
    [JSON.stringify(rows)],
  );
}

async function writeHistograms(
  session: SqlSession,
  cells: readonly Cell<ExponentialHistogram>[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = cells.flatMap(({ deviceId, series, at, value }) => {
    const id = ids.get(series);
    return id === undefined ? [] : [{ device_id: deviceId, series_id: id, at, histogram: value }];
  });
  if (rows.length === 0) return;
  await session.query(
    `INSERT INTO histogram_part (device_id, series_id, at, histogram)
     SELECT device_id, series_id, at, histogram
     FROM jsonb_to_recordset($1::jsonb) AS i(device_id int, series_id int, at timestamptz, histogram jsonb)`,
    [JSON.stringify(rows)],
  );
}

function unitOf(name: string): string {
  return Object.hasOwn(metricCatalogue, name) ? (units[name]?.unit ?? '') : '';
}

function single(value: number, atMs: number): Point {
  return { n: 1, total: value, low: value, high: value, last: value, lastMs: atMs };
}

function joinPoints(a: Point, b: Point): Point {
  const { last, lastMs } = b.lastMs >= a.lastMs ? b : a;
  return {
    n: a.n + b.n,
    total: a.total + b.total,
    low: Math.min(a.low, b.low),
    high: Math.max(a.high, b.high),
    last,
    lastMs,
  };
}
