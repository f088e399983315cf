import type { DeviceInfo, DeviceStatus } from '@edge-blueprints/contracts';
import type { SqlSession } from '../store/sql-store.js';
import type { FleetChangeBody } from '../store/fleet-change.js';
import type { ClockLink } from './clock-correction.js';
import { judgeLimits, readingsOf } from './device-limits.js';
import type { DeviceLimits } from './device-limits.js';
import type { LockedDevice } from './device-lock.js';
import { ofType } from './fresh-event.js';
import type { FreshEvent } from './fresh-event.js';
import { groupedBy } from './grouped-by.js';

export interface StatusMessage {
  readonly status: DeviceStatus;
  readonly retained: boolean;
  readonly receivedAtMs: number;
}

/** All that a group says about one device. */
export interface DeviceNews {
  readonly row: LockedDevice;
  readonly fresh: readonly FreshEvent[];
  readonly statuses: readonly StatusMessage[];
  /** Of the newest batch; null when the group holds none of this device. */
  readonly clock: ClockLink | null;
  readonly receivedAtMs: number | null;
  /** Of each event that was set aside for the first time. */
  readonly setAsideCodes: readonly string[];
}

export interface DeviceUpdate {
  readonly values: Readonly<Record<string, unknown>>;
  readonly changes: readonly { readonly atMs: number; readonly deviceId: number; readonly body: FleetChangeBody }[];
  /** Deaths of an earlier process, which say nothing about the one that runs. */
  readonly lateDeaths: number;
}

/** The device's new row, by what came before and what came now. Pure. */
export function updateOf(news: DeviceNews, limits: DeviceLimits): DeviceUpdate {
  const { row, fresh, clock } = news;
  const presence = presenceOf(news);
  const info = newest(ofType(fresh, 'edge-blueprints.device-info.v1'), row.info_at);
  const report = newest(ofType(fresh, 'edge-blueprints.metrics.v1'), row.gauges_at);
  const readings =
    report === undefined
      ? { backlog: null, diskShare: null, temperatureC: null, latency: null }
      : readingsOf(report.event.data, limits);
  const judged = judgeLimits(row.over_limits, { ...readings, clockSkewMs: clock?.skewMs ?? null }, limits);
  const atMs = news.receivedAtMs ?? news.statuses.at(-1)?.receivedAtMs ?? 0;
  const gaps = ofType(fresh, 'edge-blueprints.gap.v1');
  const alarms = ofType(fresh, 'edge-blueprints.drift-alarm.v1');
  const bodies: readonly FleetChangeBody[] = [
    ...judged.changes,
    ...gaps.map(({ event }): FleetChangeBody => ({ kind: 'gap', gap: event.data })),
    ...alarms.map(({ event }): FleetChangeBody => ({ kind: 'drift', alarm: event.data })),
    ...[...groupedBy(news.setAsideCodes, (code) => code)].map(([code, { length: events }]): FleetChangeBody => ({
      kind: 'quarantine',
      code,
      events,
    })),
  ];
  return {
    values: {
      id: row.id,
      online: presence.online,
      boot: presence.boot,
      status_ms: presence.statusAtMs,
      seen_ms: presence.seenAtMs,
      simulated: fresh.at(-1)?.event.simulated ?? row.simulated,
      clock: clock ?? row.clock,
      skew_ms: (clock ?? row.clock)?.skewMs ?? null,
      info_ms: info?.atMs ?? null,
      ...infoColumns(info?.event.data),
      gauges_ms: report?.atMs ?? row.gauges_at?.getTime() ?? null,
      backlog: readings.backlog ?? row.backlog,
      over_limits: judged.over,
      lost: gaps.reduce(
        (sum, { event: { data } }) => sum + data.lost.critical + data.lost.business + data.lost.metric,
        0,
      ),
      quarantined: news.setAsideCodes.length,
    },
    changes: bodies.map((body) => ({ atMs, deviceId: row.id, body })),
    lateDeaths: presence.lateDeaths,
  };
}

function presenceOf({ row, statuses, receivedAtMs }: DeviceNews) {
  let { online, boot } = row;
  let statusAtMs = row.status_at?.getTime() ?? null;
  let seenAtMs = Math.max(
    row.last_seen_at?.getTime() ?? Number.NEGATIVE_INFINITY,
    receivedAtMs ?? Number.NEGATIVE_INFINITY,
  );
  let lateDeaths = 0;
  for (const { status, retained, receivedAtMs: atMs } of statuses) {
    if (!status.online && boot !== null && status.boot !== boot) {
      lateDeaths += 1;
      continue;
    }
    online = status.online;
    boot = status.boot;
    statusAtMs = atMs;
    // A retained birth is a memory of the broker, a death is its news: neither was sent by the device just now.
    if (status.online && !retained) seenAtMs = Math.max(seenAtMs, atMs);
  }
  return { online, boot, statusAtMs, seenAtMs: Number.isFinite(seenAtMs) ? seenAtMs : null, lateDeaths };
}

function newest<E extends FreshEvent>(events: readonly E[], before: Date | null): E | undefined {
  const last = events.reduce<E | undefined>((a, b) => (a === undefined || b.atMs >= a.atMs ? b : a), undefined);
  return last === undefined || (before !== null && last.atMs < before.getTime()) ? undefined : last;
}

function infoColumns(info: DeviceInfo | undefined): Readonly<Record<string, unknown>> {
  if (info === undefined) return {};
  const { app, version, target, bundle, bundleVersion, variant, provider, pageUrl } = info;
  return { app, version, target, bundle, bundle_version: bundleVersion, variant, provider, page_url: pageUrl };
}

const infoNames = ['app', 'version', 'target', 'bundle', 'bundle_version', 'variant', 'provider', 'page_url'];

/** Writes the rows, which the transaction has locked. */
export async function writeDevices(session: SqlSession, updates: readonly DeviceUpdate[]): Promise<void> {
  if (updates.length === 0) return;
  await session.query(
    `UPDATE device d SET online = i.online, boot = i.boot, status_at = to_timestamp(i.status_ms / 1000.0),
       last_seen_at = to_timestamp(i.seen_ms / 1000.0), simulated = i.simulated, clock = i.clock, clock_skew_ms = i.skew_ms,
       gauges_at = to_timestamp(i.gauges_ms / 1000.0), backlog = i.backlog, over_limits = i.over_limits,
       declared_lost = d.declared_lost + i.lost, quarantined = d.quarantined + i.quarantined,
       info_at = coalesce(to_timestamp(i.info_ms / 1000.0), d.info_at),
       ${infoNames.map((name) => `${name} = CASE WHEN i.info_ms IS NULL THEN d.${name} ELSE i.${name} END`).join(', ')}
     FROM jsonb_to_recordset($1::jsonb) AS i(id int, online boolean, boot text, status_ms float8, seen_ms float8,
       simulated boolean, clock jsonb, skew_ms float8, gauges_ms float8, backlog int8, over_limits text[], lost int8,
       quarantined int8, info_ms float8, ${infoNames.map((name) => `${name} text`).join(', ')})
     WHERE d.id = i.id`,
    [JSON.stringify(updates.map(({ values }) => values))],
  );
}
