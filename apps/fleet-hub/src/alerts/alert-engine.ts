import type { DeviceIdentity } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { takeFleetChanges } from '../store/fleet-change.js';
import type { FleetChange } from '../store/fleet-change.js';
import type { SqlSession, SqlStore } from '../store/sql-store.js';
import { ripenConditions, writeConditions } from './alert-conditions.js';
import type { SiteKind } from './alert-conditions.js';
import type { AlertOutput } from './alert-message.js';
import { conditionChanges } from './alert-rules.js';
import type { AlertSeverity } from './alert-rules.js';
import type { AlertsConfig } from './alerts-config.js';
import { judgeSite } from './site-judgement.js';

const changesAtOnce = 2_000;
/** Any number, the same in all hubs: two processes that judge at once take turns. */
const advisoryLock = 7_270_002;

const conditionRows = z.array(
  z.object({
    device: z.string(),
    severity: z.enum(['warning', 'alarm']),
    text: z.string(),
    count: z.number(),
    since: z.date(),
    judged: z.boolean(),
  }),
);
const openRows = z.array(
  z.object({ id: z.number(), device: z.string(), severity: z.enum(['warning', 'alarm']), text: z.string() }),
);

export interface AlertEngine {
  /**
   * Takes in what happened, judges what is due, raises, changes and clears alerts, and queues their messages; all in one
   * transaction with the taking. Call it every second. @returns alerts that changed
   */
  step(): Promise<{ readonly changed: readonly number[]; readonly more: boolean }>;
  /** A revoked device has no trouble any more. */
  forget(identity: DeviceIdentity): Promise<void>;
}

export function createAlertEngine(
  store: SqlStore,
  config: Pick<AlertsConfig, 'groupFrom' | 'settleMs' | 'clearAfterMs'>,
  outputs: readonly Pick<AlertOutput, 'name' | 'minSeverity'>[],
  deps: { readonly epochMs: () => number },
): AlertEngine {
  const iso = (ms: number): string => new Date(ms).toISOString();
  const times = () => {
    const nowMs = deps.epochMs();
    return {
      nowIso: iso(nowMs),
      settledIso: iso(nowMs - config.settleMs),
      goneIso: iso(nowMs - config.clearAfterMs),
    };
  };
  const somethingDue = async (): Promise<boolean> => {
    const { settledIso, goneIso } = times();
    const { rows } = await store.query(
      `SELECT EXISTS (SELECT 1 FROM fleet_change)
         OR EXISTS (SELECT 1 FROM alert_condition WHERE NOT judged AND since <= $1)
         OR EXISTS (SELECT 1 FROM alert_condition WHERE gone_at IS NOT NULL AND gone_at <= $2) AS due`,
      [settledIso, goneIso],
    );
    return rows[0]?.['due'] === true;
  };
  const queueMessages = async (
    session: SqlSession,
    phase: 'raised' | 'cleared',
    ids: readonly number[],
    nowIso: string,
  ): Promise<void> => {
    if (ids.length === 0 || outputs.length === 0) return;
    await session.query(
      `INSERT INTO alert_delivery (alert_id, output, phase, state, at)
       SELECT alert.id, o.name, $1::text, 'waiting', $2 FROM alert, jsonb_to_recordset($3::jsonb) AS o(name text, alarm_only boolean)
       WHERE alert.id IN (SELECT jsonb_array_elements_text($4::jsonb)::int8)
         AND (NOT o.alarm_only OR alert.severity = 'alarm')
         -- That something is over goes to those who were told that it began.
         AND ($1 = 'raised' OR EXISTS (SELECT 1 FROM alert_delivery d WHERE d.alert_id = alert.id AND d.output = o.name))
       ON CONFLICT DO NOTHING`,
      [
        phase,
        nowIso,
        JSON.stringify(outputs.map(({ name, minSeverity }) => ({ name, alarm_only: minSeverity === 'alarm' }))),
        JSON.stringify(ids),
      ],
    );
  };
  const judge = async (session: SqlSession, { site, kind }: SiteKind, nowIso: string): Promise<readonly number[]> => {
    const conditions = await session.query(
      'SELECT device, severity, text, count, since, judged FROM alert_condition WHERE site = $1 AND kind = $2',
      [site, kind],
    );
    const open = await session.query(
      'SELECT id, device, severity, text FROM alert WHERE site = $1 AND kind = $2 AND cleared_at IS NULL',
      [site, kind],
    );
    const standing = conditionRows
      .parse(conditions.rows)
      .map(({ since, judged, ...each }) => ({ ...each, since: since.toISOString(), ripe: judged }));
    const verdict = judgeSite(site, standing, openRows.parse(open.rows), config.groupFrom);
    const raised = await insertAlerts(session, { site, kind }, verdict.raise, nowIso);
    if (verdict.update.length > 0)
      await session.query(
        `UPDATE alert SET severity = i.severity, text = i.text FROM jsonb_to_recordset($1::jsonb)
         AS i(id int8, severity text, text text) WHERE alert.id = i.id`,
        [JSON.stringify(verdict.update)],
      );
    if (verdict.clear.length > 0)
      await session.query(
        'UPDATE alert SET cleared_at = $1 WHERE id IN (SELECT jsonb_array_elements_text($2::jsonb)::int8)',
        [nowIso, JSON.stringify(verdict.clear)],
      );
    await queueMessages(session, 'raised', raised, nowIso);
    await queueMessages(session, 'cleared', verdict.clear, nowIso);
    return [...raised, ...verdict.update.map(({ id }) => id), ...verdict.clear];
  };

  return {
    step: async () => {
      if (!(await somethingDue())) return { changed: [], more: false };
      return store.transaction(async (session) => {
        await session.query('SELECT pg_advisory_xact_lock($1)::text', [advisoryLock]);
        const changes = await takeFleetChanges(session, changesAtOnce);
        const at = times();
        // A device's clock may run ahead; trouble of tomorrow would never have stood long enough.
        const until = (change: FleetChange) => (change.at > at.nowIso ? { ...change, at: at.nowIso } : change);
        await writeConditions(session, changes.map(until).flatMap(conditionChanges));
        const changed: number[] = [];
        for (const each of await ripenConditions(session, at, changesAtOnce))
          changed.push(...(await judge(session, each, at.nowIso)));
        return { changed, more: changes.length === changesAtOnce };
      });
    },
    forget: async ({ site, device }) => {
      await store.query('UPDATE alert_condition SET gone_at = $3 WHERE site = $1 AND device = $2 AND gone_at IS NULL', [
        site,
        device,
        iso(deps.epochMs() - config.clearAfterMs),
      ]);
    },
  };
}

async function insertAlerts(
  session: SqlSession,
  { site, kind }: SiteKind,
  alerts: readonly { readonly device: string; readonly severity: AlertSeverity; readonly text: string }[],
  nowIso: string,
): Promise<readonly number[]> {
  if (alerts.length === 0) return [];
  const { rows } = await session.query(
    `INSERT INTO alert (site, kind, device, severity, text, raised_at)
     SELECT $1, $2, device, severity, text, $3::timestamptz FROM jsonb_to_recordset($4::jsonb)
     AS i(device text, severity text, text text) RETURNING id`,
    [site, kind, nowIso, JSON.stringify(alerts)],
  );
  return z
    .array(z.object({ id: z.number() }))
    .parse(rows)
    .map(({ id }) => id);
}
