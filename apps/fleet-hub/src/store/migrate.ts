import { ConfigError } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { migrations } from './migrations/index.js';
import type { SqlStore } from './sql-store.js';

/** Any number, the same in all hubs: processes that start at once take turns. */
const advisoryLock = 7_270_001;

/**
 * Brings the tables to this version, in one transaction. Steps are append-only: a step that was ever released is not changed.
 * @returns the steps that were done now
 * @throws ConfigError `hub.schema-newer` when the tables were made by a newer version
 */
export async function migrate(store: SqlStore, steps = migrations): Promise<readonly string[]> {
  return store.transaction(async (session) => {
    await session.query('SELECT pg_advisory_xact_lock($1)::text', [advisoryLock]);
    await session.script(
      'CREATE TABLE IF NOT EXISTS schema_step (number int PRIMARY KEY, name text NOT NULL, done_at timestamptz NOT NULL DEFAULT now())',
    );
    const { rows } = await session.query('SELECT number, name FROM schema_step ORDER BY number');
    const done = z.array(z.object({ number: z.number(), name: z.string() })).parse(rows);
    const last = done.at(-1);
    if (done.length > steps.length || done.some(({ name }, i) => name !== steps[i]?.name)) {
      throw new ConfigError(
        'hub.schema-newer',
        `The database has step ${last?.number} "${last?.name}" that this version does not know (it knows ${steps.length}); update the hub, or use another database`,
      );
    }
    const missing = steps.slice(done.length);
    for (const [i, step] of missing.entries()) {
      await session.script(step.sql);
      await session.query('INSERT INTO schema_step (number, name) VALUES ($1, $2)', [done.length + i + 1, step.name]);
    }
    return missing.map((step) => step.name);
  });
}
