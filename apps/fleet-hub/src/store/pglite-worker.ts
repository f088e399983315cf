import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { z } from 'zod';
import type { PgliteAnswer, PgliteCall } from './pglite-store.js';

/** PostgreSQL's own numbers of the types that shall arrive alike from both stores. */
const int8 = 20;

const port = parentPort;
if (port) {
  const { folder } = z.object({ folder: z.string().nullable() }).parse(workerData);
  const opening = PGlite.create(folder ?? 'memory://', {
    parsers: { [int8]: (text: string) => Number(text) },
    // What a page at the edge needs: less memory than the defaults, the same durability.
    postgresqlconf: ['synchronous_commit = on', 'max_wal_size = 256MB'],
  });
  let line: Promise<unknown> = opening;
  const answer = (message: PgliteAnswer): void => port.postMessage(message);
  const run = async (call: PgliteCall): Promise<void> => {
    try {
      const db = await opening;
      if (call.verb === 'close') {
        await db.close();
        answer({ id: call.id, rows: [], affected: 0 });
        port.close();
      } else if (call.verb === 'script') {
        await db.exec(call.sql);
        answer({ id: call.id, rows: [], affected: 0 });
      } else {
        const { rows, affectedRows } = await db.query<Record<string, unknown>>(call.sql, [...call.values]);
        answer({ id: call.id, rows, affected: affectedRows ?? 0 });
      }
    } catch (error) {
      const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
      answer({ id: call.id, failure: { code, message: error instanceof Error ? error.message : String(error) } });
    }
  };
  port.on('message', (call: PgliteCall) => {
    line = line.then(
      () => run(call),
      () => run(call),
    );
  });
}
