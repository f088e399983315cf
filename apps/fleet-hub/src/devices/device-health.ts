import type { DeviceRowView } from '@edge-blueprints/contracts';

export type DeviceHealth = DeviceRowView['health'];

/** After which silence a device counts as what. */
export interface PresenceLimits {
  /** Nothing heard for so long: stale. */
  readonly staleAfterMs: number;
  /** Nothing heard for so long: offline, also without a word of the broker (which may have forgotten its session). */
  readonly offlineAfterMs: number;
  /** How long after its death a device may come back unnoticed. */
  readonly deathGraceMs: number;
}

export const defaultPresenceLimits: PresenceLimits = {
  staleAfterMs: 60_000,
  offlineAfterMs: 900_000,
  deathGraceMs: 10_000,
};

export const healths: readonly DeviceHealth[] = ['ok', 'degraded', 'alarm', 'stale', 'offline', 'revoked'];

/**
 * SQL of `ok`, `stale` or `offline`; `d` is the device's row, `now` an SQL timestamp. Silence counts from `listeningSince` at the
 * earliest: what a hub did not hear while it was down is no device's fault.
 */
export function presenceSql(limits: PresenceLimits, now: string, listeningSince = `'-infinity'::timestamptz`): string {
  const before = (ms: number): string => `${now} - interval '${Math.round(ms)} milliseconds'`;
  // What was heard after the death was sent before it only in a device that lives.
  const dead = `NOT d.online AND d.status_at < ${before(limits.deathGraceMs)}
    AND coalesce(d.last_seen_at, d.status_at) <= d.status_at + interval '2 seconds'`;
  const heard = `greatest(coalesce(d.last_seen_at, d.first_seen_at), ${listeningSince})`;
  return `CASE WHEN ${dead} THEN 'offline'
    WHEN ${heard} < ${before(limits.offlineAfterMs)} THEN 'offline'
    WHEN ${heard} < ${before(limits.staleAfterMs)} THEN 'stale'
    ELSE 'ok' END`;
}

/** SQL of a `DeviceHealth`. */
export function healthSql(limits: PresenceLimits, now: string): string {
  return `CASE WHEN d.revoked THEN 'revoked'
    WHEN (${presenceSql(limits, now)}) <> 'ok' THEN (${presenceSql(limits, now)})
    WHEN d.drift_alarms > 0 OR d.over_limits && '{disk,temperature}' OR d.incomplete_told THEN 'alarm'
    WHEN cardinality(d.over_limits) > 0 THEN 'degraded'
    ELSE 'ok' END`;
}

/** One line for a person: why a device is not ok. */
export function healthReason(row: {
  readonly health: DeviceHealth;
  readonly online: boolean;
  readonly lastSeenAt: string | null;
  readonly over_limits: readonly string[];
  readonly drift_alarms: number;
  readonly incomplete_told: boolean;
}): string {
  switch (row.health) {
    case 'ok':
      return '';
    case 'revoked':
      return 'Its certificate is revoked';
    case 'offline':
    case 'stale': {
      const since = row.lastSeenAt === null ? 'ever' : `since ${row.lastSeenAt}`;
      return row.health === 'offline' && !row.online
        ? `Disconnected; nothing heard ${since}`
        : `Nothing heard ${since}`;
    }
    default:
      return [
        ...(row.incomplete_told ? ['events are missing'] : []),
        ...(row.drift_alarms > 0
          ? [`${row.drift_alarms} feature${row.drift_alarms === 1 ? ' drifts' : 's drift'}`]
          : []),
        ...row.over_limits.map((what) => `${what} over its limit`),
      ].join(', ');
  }
}
