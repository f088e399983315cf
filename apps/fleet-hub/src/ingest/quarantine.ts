import type { DeviceIdentity } from '@edge-blueprints/contracts';
import type { SqlSession } from '../store/sql-store.js';

/** What could not be taken in, as it came. */
export interface QuarantinedItem {
  readonly identity: DeviceIdentity;
  readonly atMs: number;
  readonly code: string;
  readonly problem: string;
  readonly raw: Uint8Array;
}

/** Bytes that are kept of one item. */
const keptBytes = 16_384;

export async function writeQuarantine(session: SqlSession, items: readonly QuarantinedItem[]): Promise<void> {
  if (items.length === 0) return;
  const rows = items.map(({ identity: { site, device }, atMs, code, problem, raw }) => ({
    at_ms: atMs,
    site,
    device,
    code,
    problem: storable(problem).slice(0, 1_000),
    bytes: raw.byteLength,
    raw: Buffer.from(raw.subarray(0, keptBytes)).toString('base64'),
  }));
  await session.query(
    `INSERT INTO quarantine (at, site, device, code, problem, bytes, raw)
     SELECT to_timestamp(at_ms / 1000.0), site, device, code, problem, bytes, decode(raw, 'base64')
     FROM jsonb_to_recordset($1::jsonb) AS i(at_ms float8, site text, device text, code text, problem text, bytes int, raw text)`,
    [JSON.stringify(rows)],
  );
}

/** The text without what a text column cannot hold; the raw bytes keep it. */
function storable(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8').replaceAll('\u0000', '\ufffd');
}
