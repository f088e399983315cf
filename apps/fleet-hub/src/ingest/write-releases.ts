import type { SqlSession } from '../store/sql-store.js';
import { ofType } from './fresh-event.js';
import type { FreshEvent } from './fresh-event.js';

/** What stores released. The same release again changes nothing. */
export async function writeReleases(session: SqlSession, fresh: readonly FreshEvent[]): Promise<void> {
  const rows = ofType(fresh, 'edge-blueprints.retail-release.v1').map(({ deviceId, atMs, event: { data } }) => ({
    device_id: deviceId,
    store: data.store,
    metric: data.metric,
    window_from: data.windowFrom,
    window_to: data.windowTo,
    at_ms: atMs,
    entry: data.ledger.entry,
    hash: data.ledger.hash,
    body: data,
  }));
  if (rows.length === 0) return;
  await session.query(
    `INSERT INTO retail_release (device_id, store, metric, window_from, window_to, event_at, ledger_entry, ledger_hash, body)
     SELECT device_id, store, metric, window_from, window_to, to_timestamp(at_ms / 1000.0), entry, hash, body
     FROM jsonb_to_recordset($1::jsonb) AS i(device_id int, store text, metric text, window_from timestamptz,
       window_to timestamptz, at_ms float8, entry int8, hash text, body jsonb)
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows)],
  );
}
