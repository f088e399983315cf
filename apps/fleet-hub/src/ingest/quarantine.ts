import type { DeviceIdentity } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { SqlSession } from '../store/sql-store.js';

/** What could not be taken in, as it came. */
export interface QuarantinedItem {
  readonly identity: DeviceIdentity;
  readonly atMs: number;
  /** Of the event; null for one whose number cannot be read, and for a payload that was no batch. */
  readonly number: { readonly epoch: string; readonly sequence: number } | null;
  readonly code: string;
  readonly problem: string;
  readonly raw: Uint8Array;
}

/** Bytes that are kept of one item. */
const keptBytes = 16_384;

const writtenSchema = z.array(z.object({ site: z.string(), device: z.string(), code: z.string() }));

/**
 * Keeps each number of a device once: a device sends a refused event again when the acknowledgement does not reach it.
 * @returns what was not there before
 */
export async function writeQuarantine(
  session: SqlSession,
  items: readonly QuarantinedItem[],
): Promise<readonly (DeviceIdentity & { readonly code: string })[]> {
  if (items.length === 0) return [];
  const rows = items.map(({ identity: { site, device }, atMs, number, code, problem, raw }) => ({
    at_ms: atMs,
    site,
    device,
    epoch: number?.epoch ?? null,
    sequence: number?.sequence ?? null,
    code,
    problem: storable(problem).slice(0, 1_000),
    bytes: raw.byteLength,
    raw: Buffer.from(raw.subarray(0, keptBytes)).toString('base64'),
  }));
  const written = await session.query(
    `INSERT INTO quarantine (at, site, device, epoch, sequence, code, problem, bytes, raw)
     SELECT to_timestamp(at_ms / 1000.0), site, device, epoch, sequence, code, problem, bytes, decode(raw, 'base64')
     FROM jsonb_to_recordset($1::jsonb) AS i(at_ms float8, site text, device text, epoch text, sequence int8, code text, problem text, bytes int, raw text)
     ON CONFLICT (site, device, epoch, sequence) DO NOTHING RETURNING site, device, code`,
    [JSON.stringify(rows)],
  );
  return writtenSchema.parse(written.rows);
}

/** The text without what a text column cannot hold; the raw bytes keep it. */
function storable(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8').replaceAll('\u0000', '\ufffd');
}
