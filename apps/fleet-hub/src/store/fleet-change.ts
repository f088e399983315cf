import { driftAlarmSchema, gapSchema } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { SqlSession } from './sql-store.js';

/** What happened to a device, for alerts. */
export const fleetChangeSchema = z.discriminatedUnion('kind', [
  /** Silent too long (`stale`), gone (`offline`), heard again (`ok`). */
  z.strictObject({ kind: z.literal('presence'), state: z.enum(['ok', 'stale', 'offline']), detail: z.string() }),
  z.strictObject({ kind: z.literal('gap'), gap: gapSchema }),
  z.strictObject({ kind: z.literal('quarantine'), code: z.string(), events: z.int() }),
  z.strictObject({ kind: z.literal('drift'), alarm: driftAlarmSchema }),
  /** A value went over its limit, or came back. `clock` in ms, `disk` as a share, `temperature` in Celsius, `latency` in ms. */
  z.strictObject({
    kind: z.literal('limit'),
    what: z.enum(['clock', 'disk', 'temperature', 'latency']),
    over: z.boolean(),
    value: z.number(),
    limit: z.number(),
  }),
  /** Numbers stay uncovered although the device says that nothing waits; `missing` 0 when it is over. */
  z.strictObject({ kind: z.literal('incomplete'), missing: z.int() }),
]);
export type FleetChangeBody = Readonly<z.infer<typeof fleetChangeSchema>>;

export interface FleetChange {
  readonly id: number;
  readonly at: string;
  readonly site: string;
  readonly device: string;
  readonly simulated: boolean;
  readonly body: FleetChangeBody;
}

const rowSchema = z.array(
  z.object({
    id: z.number(),
    at: z.date(),
    site: z.string(),
    device: z.string(),
    simulated: z.boolean(),
    body: fleetChangeSchema,
  }),
);

/**
 * Takes the oldest changes out of the table. Call it inside of the transaction that writes their effect: when that fails
 * the changes stay, and no two processes get the same one.
 */
export async function takeFleetChanges(session: SqlSession, limit: number): Promise<readonly FleetChange[]> {
  const { rows } = await session.query(
    `WITH taken AS (
       DELETE FROM fleet_change
       WHERE id IN (SELECT id FROM fleet_change ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED)
       RETURNING id, at, device_id, body)
     SELECT taken.id, taken.at, site, device, simulated, body FROM taken JOIN device ON device.id = device_id ORDER BY taken.id`,
    [limit],
  );
  return rowSchema.parse(rows).map((row) => ({ ...row, at: row.at.toISOString() }));
}

export async function addFleetChanges(
  session: SqlSession,
  changes: readonly { readonly atMs: number; readonly deviceId: number; readonly body: FleetChangeBody }[],
): Promise<void> {
  if (changes.length === 0) return;
  await session.query(
    `INSERT INTO fleet_change (at, device_id, body)
     SELECT to_timestamp(at_ms / 1000.0), device_id, body FROM jsonb_to_recordset($1::jsonb) AS i(at_ms float8, device_id int, body jsonb)`,
    [JSON.stringify(changes.map(({ atMs, deviceId, body }) => ({ at_ms: atMs, device_id: deviceId, body })))],
  );
}
