import type { DeviceDetailView } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { SqlSession } from '../store/sql-store.js';

const size = (multirange: string): string =>
  `(SELECT coalesce(sum(upper(r) - lower(r)), 0)::int8 FROM unnest(${multirange}) AS r)`;

const covered = `(s.delivered + s.declared) * int8multirange(int8range(1, s.highest, '[]'))`;

/**
 * The proof of "no silent loss", one row a number sequence: every number from 1 to the highest was committed here, or was
 * declared by the device. `declared` counts what was declared and never came; `missing` are the holes.
 */
export const contiguityQuery = `
SELECT s.device_id, s.epoch, s.highest,
  ${size('s.delivered')} AS delivered,
  ${size('(s.declared - s.delivered)')} AS declared,
  s.highest - ${size(covered)} AS missing
FROM stream s`;

/** Devices with a hole; must be 0 once all devices have sent what they hold. */
export const incompleteQuery = `
SELECT count(DISTINCT s.device_id)::int8 AS devices FROM stream s
WHERE s.highest > 0 AND NOT (s.delivered + s.declared) @> int8range(1, s.highest, '[]')`;

const rowSchema = z.array(
  z.object({
    epoch: z.string(),
    highest: z.number(),
    delivered: z.number(),
    declared: z.number(),
    missing: z.number(),
  }),
);

/** The newest sequences of a device first. */
export async function epochsOf(
  session: SqlSession,
  deviceId: number,
  limit: number,
): Promise<DeviceDetailView['epochs']> {
  const { rows } = await session.query(`${contiguityQuery} WHERE s.device_id = $1 ORDER BY s.last_at DESC LIMIT $2`, [
    deviceId,
    limit,
  ]);
  return rowSchema.parse(rows).map((row) => ({
    epoch: row.epoch,
    highest: row.highest,
    delivered: row.delivered,
    declared: row.declared,
    missing: row.missing,
    contiguous: row.missing === 0,
  }));
}

export async function countIncomplete(session: SqlSession): Promise<number> {
  const { rows } = await session.query(incompleteQuery);
  return z.array(z.object({ devices: z.number() })).parse(rows)[0]?.devices ?? 0;
}
