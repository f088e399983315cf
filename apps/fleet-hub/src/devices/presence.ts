import { parseIdentityName } from '@edge-blueprints/contracts';
import type { DeviceIdentity } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { addFleetChanges } from '../store/fleet-change.js';
import type { FleetChangeBody } from '../store/fleet-change.js';
import type { SqlSession, SqlStore } from '../store/sql-store.js';
import { contiguityQuery } from './contiguity.js';
import { presenceSql } from './device-health.js';
import type { PresenceLimits } from './device-health.js';

/** What time does to devices that say nothing. Several processes may run it: each transition is told once. */
export interface PresenceCheck {
  /** @returns devices whose state changed; call it every few seconds, again at once while it returns `atOnce` */
  step(): Promise<number>;
  /** Looks for holes that no event will fill any more. Costs a look at every sequence: every quarter of a minute is enough. */
  checkNumbers(): Promise<void>;
  /** @returns devices that are revoked now and were not before */
  syncRevoked(names: readonly string[]): Promise<readonly DeviceIdentity[]>;
}

const atOnce = 2_000;
/** A hole this old, of a device that says that nothing waits, will not be filled. */
const incompleteAfterMs = 300_000;

const changedSchema = z.array(
  z.object({
    id: z.number(),
    state: z.enum(['ok', 'stale', 'offline']),
    online: z.boolean(),
    last_seen_at: z.date().nullable(),
  }),
);
const holesSchema = z.array(z.object({ id: z.number(), missing: z.number() }));

export function createPresenceCheck(
  store: SqlStore,
  limits: PresenceLimits,
  deps: {
    readonly epochMs: () => number;
    /** Since when this hub listens, ms since 1970. */
    readonly listeningSinceMs: number;
  },
): PresenceCheck {
  const now = `to_timestamp($1 / 1000.0)`;
  const state = presenceSql(limits, now, `to_timestamp($2 / 1000.0)`);
  const tell = (session: SqlSession, changes: readonly { readonly id: number; readonly body: FleetChangeBody }[]) =>
    addFleetChanges(
      session,
      changes.map(({ id, body }) => ({ atMs: deps.epochMs(), deviceId: id, body })),
    );
  return {
    step: () =>
      store.transaction(async (session) => {
        // Rows that ingest holds just now are heard of just now; the next look takes them.
        const { rows } = await session.query(
          `WITH due AS (SELECT d.id, ${state} AS state FROM device d
             WHERE NOT d.revoked AND d.presence <> ${state}
             ORDER BY d.id LIMIT ${atOnce} FOR UPDATE SKIP LOCKED)
           UPDATE device SET presence = due.state FROM due WHERE device.id = due.id
           RETURNING device.id, due.state, device.online, device.last_seen_at`,
          [deps.epochMs(), deps.listeningSinceMs],
        );
        const changed = changedSchema.parse(rows);
        await tell(
          session,
          changed.map(({ id, state, online, last_seen_at: seen }) => ({
            id,
            body: { kind: 'presence', state, detail: detailOf(state, online, seen) },
          })),
        );
        return changed.length;
      }),
    checkNumbers: () =>
      store.transaction(async (session) => {
        const { rows } = await session.query(
          `WITH holes AS (SELECT device_id, sum(missing)::int8 AS missing FROM (${contiguityQuery}
             WHERE NOT (s.delivered + s.declared) @> int8range(1, s.highest, '[]')) c WHERE highest > 0 GROUP BY device_id)
           SELECT d.id, coalesce(holes.missing, 0)::int8 AS missing FROM device d LEFT JOIN holes ON holes.device_id = d.id
           WHERE (holes.missing IS NOT NULL) <> (d.incomplete_since IS NOT NULL)
              OR (NOT d.incomplete_told AND d.backlog = 0 AND NOT d.revoked
                  AND d.incomplete_since < ${now} - interval '${incompleteAfterMs} milliseconds')
           ORDER BY d.id LIMIT ${atOnce} FOR UPDATE OF d SKIP LOCKED`,
          [deps.epochMs()],
        );
        const found = JSON.stringify(holesSchema.parse(rows));
        const told = await session.query(
          `UPDATE device d SET
             incomplete_since = CASE WHEN i.missing = 0 THEN NULL ELSE coalesce(d.incomplete_since, ${now}) END,
             incomplete_told = coalesce(i.missing > 0 AND d.backlog = 0
               AND d.incomplete_since < ${now} - interval '${incompleteAfterMs} milliseconds', false)
           FROM jsonb_to_recordset($2::jsonb) AS i(id int, missing int8), device before
           WHERE d.id = i.id AND before.id = d.id
           RETURNING d.id, i.missing, before.incomplete_told AS was, d.incomplete_told AS is`,
          [deps.epochMs(), found],
        );
        const changes = z
          .array(z.object({ id: z.number(), missing: z.number(), was: z.boolean(), is: z.boolean() }))
          .parse(told.rows)
          .filter(({ was, is }) => was !== is);
        await tell(
          session,
          changes.map(({ id, missing }) => ({ id, body: { kind: 'incomplete', missing } })),
        );
      }),
    syncRevoked: async (names) => {
      const identities = names.flatMap((name) => parseIdentityName(name) ?? []);
      const { rows } = await store.query(
        `WITH wanted AS (SELECT site, device FROM jsonb_to_recordset($1::jsonb) AS i(site text, device text)),
         target AS (SELECT d.id, EXISTS (SELECT 1 FROM wanted w WHERE w.site = d.site AND w.device = d.device) AS revoked
           FROM device d)
         UPDATE device d SET revoked = target.revoked FROM target WHERE d.id = target.id AND d.revoked <> target.revoked
         RETURNING d.site, d.device, d.revoked`,
        [JSON.stringify(identities)],
      );
      return z
        .array(z.object({ site: z.string(), device: z.string(), revoked: z.boolean() }))
        .parse(rows)
        .flatMap(({ site, device, revoked }) => (revoked ? [{ site, device }] : []));
    },
  };
}

function detailOf(state: 'ok' | 'stale' | 'offline', online: boolean, seen: Date | null): string {
  if (state === 'ok') return '';
  const since = seen === null ? 'Nothing was ever heard' : `Nothing heard since ${seen.toISOString()}`;
  return state === 'offline' && !online ? `Disconnected. ${since}` : since;
}
