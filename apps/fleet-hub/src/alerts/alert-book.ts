import type { AlertView } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { done, refused } from '../act-outcome.js';
import type { ActOutcome } from '../act-outcome.js';
import { appendAudit } from '../audit/audit-log.js';
import type { SqlStore } from '../store/sql-store.js';
import { alertKindSchema } from './alert-conditions.js';
import { momentaryKinds } from './alert-rules.js';
import { wholeSite } from './site-judgement.js';

const alertRows = z.array(
  z.object({
    id: z.number(),
    site: z.string(),
    device: z.string(),
    kind: alertKindSchema,
    severity: z.enum(['warning', 'alarm']),
    text: z.string(),
    raised_at: z.date(),
    cleared_at: z.date().nullable(),
    acknowledged_by: z.string().nullable(),
    acknowledged_at: z.date().nullable(),
    note: z.string().nullable(),
    outputs: z.array(
      z.object({ output: z.string(), state: z.enum(['sent', 'failed', 'waiting']), detail: z.string() }),
    ),
  }),
);

/** Of each output the newest message: that it is over, if it is. */
const withOutputs = `SELECT alert.*, COALESCE((
    SELECT jsonb_agg(jsonb_build_object('output', output, 'state', state, 'detail', phase || CASE WHEN detail = '' THEN '' ELSE ': ' || detail END) ORDER BY output)
    FROM (SELECT DISTINCT ON (output) output, state, phase, detail FROM alert_delivery WHERE alert_id = alert.id ORDER BY output, id DESC) d
  ), '[]'::jsonb) AS outputs FROM alert`;

export interface AlertSearch {
  readonly state: 'open' | 'all';
  readonly site?: string | undefined;
  readonly device?: string | undefined;
  readonly limit: number;
}

export interface AlertBook {
  /** Alarms before warnings while open, then the newest first. */
  list(search: AlertSearch): Promise<readonly AlertView[]>;
  byIds(ids: readonly number[]): Promise<readonly AlertView[]>;
  /** The same twice is one act. Lost and quarantined events are over once somebody has seen them. */
  acknowledge(id: number, by: string, note: string): Promise<ActOutcome<AlertView>>;
  /** Open alerts by severity. */
  counts(): Promise<{ readonly warning: number; readonly alarm: number }>;
  /** Deletes cleared alerts of before `iso`. @returns how many */
  prune(iso: string): Promise<number>;
}

export function createAlertBook(store: SqlStore, deps: { readonly nowIso: () => string }): AlertBook {
  const byIds = async (ids: readonly number[]): Promise<readonly AlertView[]> => {
    const { rows } = await store.query(
      `${withOutputs} WHERE id IN (SELECT jsonb_array_elements_text($1::jsonb)::int8) ORDER BY id`,
      [JSON.stringify(ids)],
    );
    return alertRows.parse(rows).map(toView);
  };
  return {
    byIds,
    list: async ({ state, site, device, limit }) => {
      const { rows } = await store.query(
        `${withOutputs}
         WHERE ($1 = 'all' OR cleared_at IS NULL) AND ($2::text IS NULL OR site = $2)
           AND ($3::text IS NULL OR device IN ($3, '${wholeSite}'))
         ORDER BY CASE WHEN $1 = 'open' AND severity = 'alarm' THEN 0 ELSE 1 END, id DESC LIMIT $4`,
        [state, site ?? null, device ?? null, limit],
      );
      return alertRows.parse(rows).map(toView);
    },
    acknowledge: async (id, by, note) => {
      const known = await store.transaction(async (session) => {
        const { rows } = await session.query('SELECT * FROM alert WHERE id = $1 FOR UPDATE', [id]);
        const found = alertRows.element.omit({ outputs: true }).safeParse(rows[0]);
        if (!found.success) return false;
        const { site, device, kind, acknowledged_by: before, text } = found.data;
        if (before !== null) return true;
        const at = deps.nowIso();
        await session.query('UPDATE alert SET acknowledged_by = $2, acknowledged_at = $3, note = $4 WHERE id = $1', [
          id,
          by,
          at,
          note,
        ]);
        if (momentaryKinds.includes(kind)) {
          await session.query('UPDATE alert SET cleared_at = $2 WHERE id = $1 AND cleared_at IS NULL', [id, at]);
          await session.query(
            `DELETE FROM alert_condition WHERE site = $1 AND kind = $2 AND ($3 = '${wholeSite}' OR device = $3)`,
            [site, kind, device],
          );
        }
        const target = `alert ${id} ${kind} ${site}/${device}`;
        await appendAudit(session, [{ at, who: by, action: 'alert.acknowledge', target, detail: `${text} | ${note}` }]);
        return true;
      });
      const [view] = known ? await byIds([id]) : [];
      return view === undefined ? refused(404, 'alerts.unknown', `There is no alert ${id}`) : done(view);
    },
    counts: async () => {
      const { rows } = await store.query(
        `SELECT count(*) FILTER (WHERE severity = 'warning')::int8 AS warning, count(*) FILTER (WHERE severity = 'alarm')::int8 AS alarm
         FROM alert WHERE cleared_at IS NULL`,
      );
      return z.object({ warning: z.number(), alarm: z.number() }).parse(rows[0]);
    },
    prune: async (iso) => (await store.query('DELETE FROM alert WHERE cleared_at < $1', [iso])).affected,
  };
}

function toView(row: z.infer<typeof alertRows>[number]): AlertView {
  const { id, site, device, kind, severity, text, note, outputs } = row;
  return {
    ...{ id, site, device, kind, severity, text, note, outputs },
    raisedAt: row.raised_at.toISOString(),
    clearedAt: row.cleared_at?.toISOString() ?? null,
    acknowledgedBy: row.acknowledged_by,
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
  };
}
