import { identityName } from '@edge-blueprints/contracts';
import type { DeviceIdentity } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { SqlSession } from '../store/sql-store.js';
import { clockLinkSchema } from './clock-correction.js';

const deviceSchema = z.object({
  id: z.number(),
  site: z.string(),
  device: z.string(),
  online: z.boolean(),
  boot: z.string().nullable(),
  status_at: z.date().nullable(),
  last_seen_at: z.date().nullable(),
  simulated: z.boolean(),
  clock: clockLinkSchema.nullable(),
  info_at: z.date().nullable(),
  gauges_at: z.date().nullable(),
  backlog: z.number().nullable(),
  over_limits: z.array(z.string()),
  /** Number sequences that it ever began. */
  epochs: z.array(z.string()),
});
/** What ingest needs of a device's row, locked until the commit. */
export type LockedDevice = Readonly<z.infer<typeof deviceSchema>>;

/** Sequences of one device. A wiped device begins one; a device that begins one a minute is not well, or not honest. */
export const maxEpochs = 500;

const epochs = `ARRAY(SELECT epoch FROM stream WHERE device_id = device.id) AS epochs`;
const columns = [...Object.keys(deviceSchema.shape).filter((name) => name !== 'epochs'), epochs].join(', ');

/**
 * Locks the rows of these devices, in the order of their numbers so that two workers cannot wait for each other, and makes
 * those that are missing. The lock orders all that two workers do with one device.
 */
export async function lockDevices(
  session: SqlSession,
  identities: Iterable<DeviceIdentity>,
  nowMs: number,
): Promise<ReadonlyMap<string, LockedDevice>> {
  const wanted = new Map([...identities].map(({ site, device }) => [identityName({ site, device }), { site, device }]));
  const names = JSON.stringify([...wanted.values()]);
  const lock = async (): Promise<readonly LockedDevice[]> => {
    const { rows } = await session.query(
      `SELECT ${columns} FROM device
       WHERE (site, device) IN (SELECT site, device FROM jsonb_to_recordset($1::jsonb) AS i(site text, device text))
       ORDER BY id FOR UPDATE`,
      [names],
    );
    return z.array(deviceSchema).parse(rows);
  };
  let found = await lock();
  if (found.length < wanted.size) {
    await session.query(
      `INSERT INTO device (site, device, first_seen_at)
       SELECT site, device, to_timestamp($2 / 1000.0) FROM jsonb_to_recordset($1::jsonb) AS i(site text, device text)
       ORDER BY site, device ON CONFLICT (site, device) DO NOTHING`,
      [names, nowMs],
    );
    found = await lock();
  }
  return new Map(found.map((row) => [identityName(row), row]));
}
