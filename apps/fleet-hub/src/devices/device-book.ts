import type { DeviceIdentity, DevicePageView, DeviceRowView } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { wholeSite } from '../alerts/site-judgement.js';
import type { SqlStore } from '../store/sql-store.js';
import { healthReason, healthSql, healths } from './device-health.js';
import type { DeviceHealth, PresenceLimits } from './device-health.js';

export const deviceSorts = ['device', 'health', 'lastSeen', 'backlog', 'lost', 'alerts', 'bundle'] as const;
export type DeviceSort = (typeof deviceSorts)[number];

export interface DeviceQuery {
  /** Words that must all stand in site, device, app, version, target or trouble; empty for all. */
  readonly search: string;
  readonly site: string | null;
  readonly health: DeviceHealth | null;
  readonly sort: DeviceSort;
  readonly descending: boolean;
  readonly offset: number;
  readonly limit: number;
}

/** Lists of devices, also of 10,000. */
export interface DeviceBook {
  page(query: DeviceQuery): Promise<DevicePageView>;
  /** The rows of these devices, for live updates. */
  rowsOf(identities: readonly DeviceIdentity[]): Promise<readonly DeviceRowView[]>;
}

const rowSchema = z.array(
  z.object({
    site: z.string(),
    device: z.string(),
    health: z.enum(healths),
    online: z.boolean(),
    over_limits: z.array(z.string()),
    drift_alarms: z.number(),
    incomplete_told: z.boolean(),
    app: z.string(),
    bundle_version: z.string(),
    target: z.string(),
    last_seen_at: z.union([z.date(), z.string()]).nullable(),
    backlog: z.number().nullable(),
    declared_lost: z.number(),
    open_alerts: z.number(),
    simulated: z.boolean(),
  }),
);

const pageSchema = z.object({ total: z.number(), rows: rowSchema });

const order: Readonly<Record<DeviceSort, string>> = {
  device: 'site, device',
  // The worst first.
  health: "array_position('{alarm,offline,stale,degraded,ok,revoked}'::text[], health)",
  lastSeen: 'last_seen_at',
  backlog: 'backlog',
  lost: 'declared_lost',
  alerts: 'open_alerts',
  bundle: 'bundle_version',
};

/**
 * Open alerts by device. An alert of the whole site counts for each device that has this trouble, and once where the device
 * was told of before by an alert of its own.
 */
const openAlertsSql = `SELECT site, device, count(*) AS open FROM (
    SELECT site, device, kind FROM alert WHERE cleared_at IS NULL AND device <> '${wholeSite}'
    UNION
    SELECT c.site, c.device, c.kind FROM alert w JOIN alert_condition c USING (site, kind)
    WHERE w.cleared_at IS NULL AND w.device = '${wholeSite}'
  ) each GROUP BY site, device`;

export function createDeviceBook(
  store: SqlStore,
  limits: PresenceLimits,
  deps: { readonly epochMs: () => number },
): DeviceBook {
  const rows = `SELECT d.site, d.device, ${healthSql(limits, 'to_timestamp($1 / 1000.0)')} AS health, d.online, d.over_limits,
      d.drift_alarms, d.incomplete_told, d.app, d.bundle_version, d.target, d.last_seen_at, d.backlog, d.declared_lost,
      coalesce(a.open, 0)::int8 AS open_alerts, d.simulated
    FROM device d LEFT JOIN (${openAlertsSql}) a
      ON a.site = d.site AND a.device = d.device`;
  return {
    page: async ({ search, site, health, sort, descending, offset, limit }) => {
      const words = search
        .split(/\s+/)
        .filter((word) => word !== '')
        .slice(0, 8);
      const hits = `WITH r AS (${rows})
        SELECT * FROM r WHERE ($2::text IS NULL OR site = $2) AND ($3::text IS NULL OR health = $3)
          AND NOT EXISTS (SELECT 1 FROM jsonb_array_elements_text($4::jsonb) AS w
            WHERE strpos(lower(concat_ws(' ', site, device, app, bundle_version, target, health, array_to_string(over_limits, ' '))), lower(w)) = 0)`;
      const asked = [deps.epochMs(), site, health, JSON.stringify(words)];
      // One value instead of ten thousand rows: PGlite takes three times as long to hand rows over.
      const found = await store.query(
        `WITH hits AS (${hits}), page AS (SELECT * FROM hits
           ORDER BY ${order[sort]} ${descending ? 'DESC' : 'ASC'} NULLS LAST, site, device OFFSET $5 LIMIT $6)
         SELECT (SELECT count(*) FROM hits)::int8 AS total, coalesce((SELECT jsonb_agg(to_jsonb(page)) FROM page), '[]') AS rows`,
        [...asked, offset, limit],
      );
      const { total, rows: page } = pageSchema.parse(found.rows[0]);
      return { total, offset, rows: page.map(rowView) };
    },
    rowsOf: async (identities) => {
      if (identities.length === 0) return [];
      const found = await store.query(
        `${rows} WHERE (d.site, d.device) IN (SELECT site, device FROM jsonb_to_recordset($2::jsonb) AS i(site text, device text))`,
        [deps.epochMs(), JSON.stringify(identities)],
      );
      return rowSchema.parse(found.rows).map(rowView);
    },
  };
}

function rowView(row: z.infer<typeof rowSchema>[number]): DeviceRowView {
  const lastSeenAt = row.last_seen_at === null ? null : new Date(row.last_seen_at).toISOString();
  return {
    site: row.site,
    device: row.device,
    health: row.health,
    reason: healthReason({ ...row, lastSeenAt }),
    app: row.app,
    bundleVersion: row.bundle_version,
    target: row.target,
    lastSeenAt,
    backlog: row.backlog,
    declaredLost: row.declared_lost,
    openAlerts: row.open_alerts,
    simulated: row.simulated,
  };
}
