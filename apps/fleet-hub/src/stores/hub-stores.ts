import { retailReleaseSchema } from '@edge-blueprints/contracts';
import type { HubStoresView } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { SqlStore } from '../store/sql-store.js';

const storeRows = z.array(
  z.object({
    site: z.string(),
    device: z.string(),
    store: z.string(),
    newest: z.array(retailReleaseSchema),
    counts: z.array(retailReleaseSchema),
    forked: z.boolean(),
  }),
);

/** What each store released: the newest of each metric, and the counts of the last windows, oldest first. */
export async function readHubStores(
  store: SqlStore,
  search: { readonly site?: string | undefined; readonly windows: number; readonly limit: number },
): Promise<HubStoresView> {
  const { rows } = await store.query(
    `SELECT site, device, s.store,
       (SELECT jsonb_agg(body ORDER BY metric) FROM (
          SELECT DISTINCT ON (metric) metric, body FROM retail_release r
          WHERE r.device_id = s.device_id AND r.store = s.store ORDER BY metric, window_to DESC) n) AS newest,
       COALESCE((SELECT jsonb_agg(body ORDER BY window_to) FROM (
          SELECT window_to, body FROM retail_release r
          WHERE r.device_id = s.device_id AND r.store = s.store AND metric = 'counts'
          ORDER BY window_to DESC LIMIT $2) c), '[]'::jsonb) AS counts,
       EXISTS (SELECT FROM retail_release r WHERE r.device_id = s.device_id AND r.store = s.store
         GROUP BY ledger_entry HAVING count(DISTINCT ledger_hash) > 1)
       OR EXISTS (SELECT FROM retail_release r WHERE r.device_id = s.device_id AND r.store = s.store
         GROUP BY metric, window_from, window_to HAVING count(DISTINCT ledger_hash) > 1) AS forked
     FROM (SELECT DISTINCT device_id, store FROM retail_release) s JOIN device ON device.id = s.device_id
     WHERE $1::text IS NULL OR site = $1
     ORDER BY site, device, s.store LIMIT $3`,
    [search.site ?? null, search.windows, search.limit],
  );
  return { stores: storeRows.parse(rows) };
}
