import { driftAlarmSchema, driftReportSchema } from '@edge-blueprints/contracts';
import type { HubDriftView } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { SqlStore } from '../store/sql-store.js';

const driftRows = z.array(
  z.object({
    site: z.string(),
    device: z.string(),
    event_at: z.date(),
    report: driftReportSchema,
    alarms: z.array(driftAlarmSchema),
  }),
);

/**
 * The newest report of each device and its raised alarms: devices with alarms first, then the newest. One report may carry
 * 64 distributions, so the list is bounded; a site or device narrows it.
 */
export async function readHubDrift(
  store: SqlStore,
  search: { readonly site?: string | undefined; readonly device?: string | undefined; readonly limit: number },
): Promise<HubDriftView> {
  const { rows } = await store.query(
    `SELECT site, device, event_at, report, COALESCE((
       SELECT jsonb_agg(body ORDER BY a.event_at DESC) FROM drift_alarm a WHERE a.device_id = r.device_id AND a.state = 'raised'
     ), '[]'::jsonb) AS alarms
     FROM drift_report r JOIN device ON device.id = r.device_id
     WHERE ($1::text IS NULL OR site = $1) AND ($2::text IS NULL OR device = $2)
     ORDER BY drift_alarms > 0 DESC, event_at DESC LIMIT $3`,
    [search.site ?? null, search.device ?? null, search.limit],
  );
  return {
    devices: driftRows.parse(rows).map(({ event_at: at, ...rest }) => ({ ...rest, at: at.toISOString() })),
  };
}
