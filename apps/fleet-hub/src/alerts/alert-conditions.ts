import { z } from 'zod';
import type { SqlSession } from '../store/sql-store.js';
import { momentaryKinds } from './alert-rules.js';
import type { AlertKind, ConditionChange } from './alert-rules.js';

export interface SiteKind {
  readonly site: string;
  readonly kind: AlertKind;
}

const siteKindRows = z.array(z.object({ site: z.string(), kind: z.string() }));

/** Writes what began and what ended. The last word about a device and kind counts. */
export async function writeConditions(session: SqlSession, changes: readonly ConditionChange[]): Promise<void> {
  const last = new Map<string, { readonly change: ConditionChange; readonly count: number }>();
  for (const change of changes) {
    const key = `${change.site} ${change.device} ${change.kind}`;
    const before = last.get(key)?.count ?? 0;
    last.set(key, { change, count: before + (change.state === 'on' ? 1 : 0) });
  }
  const all = [...last.values()];
  const on = all.flatMap(({ change, count }) => (change.state === 'on' ? [{ ...change, count }] : []));
  const off = all.flatMap(({ change }) => (change.state === 'off' ? [change] : []));
  if (on.length > 0)
    await session.query(
      `INSERT INTO alert_condition AS c (site, device, kind, severity, text, count, since)
       SELECT site, device, kind, severity, text, count, at FROM jsonb_to_recordset($1::jsonb)
       AS i(site text, device text, kind text, severity text, text text, count int8, at timestamptz)
       ON CONFLICT (site, kind, device) DO UPDATE SET
         severity = excluded.severity, text = excluded.text, gone_at = NULL, judged = false,
         -- Trouble that comes back, or comes again, is counted; trouble that is only told again is not.
         count = c.count + CASE WHEN c.gone_at IS NOT NULL OR c.kind IN (SELECT jsonb_array_elements_text($2::jsonb))
           THEN excluded.count ELSE 0 END`,
      [JSON.stringify(on), JSON.stringify(momentaryKinds)],
    );
  if (off.length > 0)
    await session.query(
      `UPDATE alert_condition AS c SET gone_at = i.at FROM jsonb_to_recordset($1::jsonb)
       AS i(site text, device text, kind text, at timestamptz)
       WHERE c.site = i.site AND c.kind = i.kind AND c.device = i.device AND c.gone_at IS NULL
       -- A device drifts until the last of its features is back.
       AND NOT (c.kind = 'drift' AND EXISTS (SELECT 1 FROM drift_alarm a JOIN device d ON d.id = a.device_id
         WHERE d.site = c.site AND d.device = c.device AND a.state = 'raised'))`,
      [JSON.stringify(off)],
    );
}

/** Deletes what was over for long enough, and marks what has stood for long enough. @returns where that was */
export async function ripenConditions(
  session: SqlSession,
  at: { readonly nowIso: string; readonly settledIso: string; readonly goneIso: string },
  limit: number,
): Promise<readonly SiteKind[]> {
  const gone = await session.query(
    `WITH gone AS (DELETE FROM alert_condition WHERE gone_at IS NOT NULL AND gone_at <= $1 RETURNING site, kind)
     SELECT DISTINCT site, kind FROM gone`,
    [at.goneIso],
  );
  const ripe = await session.query(
    `WITH due AS (SELECT site, kind, device FROM alert_condition WHERE NOT judged AND since <= $1 ORDER BY since LIMIT $2),
     ripe AS (UPDATE alert_condition c SET judged = true FROM due
       WHERE c.site = due.site AND c.kind = due.kind AND c.device = due.device RETURNING c.site, c.kind)
     SELECT DISTINCT site, kind FROM ripe`,
    [at.settledIso, limit],
  );
  const rows = siteKindRows.parse([...gone.rows, ...ripe.rows]);
  const distinct = new Map(rows.map(({ site, kind }) => [`${site} ${kind}`, { site, kind: kindOf(kind) }]));
  return [...distinct.values()];
}

const kinds: readonly AlertKind[] = [
  'offline',
  'stale',
  'drift',
  'gap',
  'quarantine',
  'clock',
  'disk',
  'temperature',
  'latency',
  'incomplete',
];
export const alertKindSchema = z.enum(kinds);

function kindOf(text: string): AlertKind {
  return alertKindSchema.parse(text);
}
