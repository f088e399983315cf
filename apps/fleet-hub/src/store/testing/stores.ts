import { openPgliteStore } from '../pglite-store.js';
import { openPostgresqlStore } from '../postgresql.js';
import { silentLogger } from '@edge-blueprints/contracts';
import type { SqlStore } from '../sql-store.js';
import { postgresqlPrograms, startPostgresqlCluster } from './postgresql-cluster.js';

export interface TestStore {
  readonly name: 'PGlite' | 'PostgreSQL';
  /** Why the suite cannot run here; undefined when it can. In CI nothing is skipped. */
  readonly skip: string | undefined;
  open(): Promise<{ readonly store: SqlStore; close(): Promise<void> }>;
}

const programs = postgresqlPrograms();

/** Both stores, for one suite that must hold on either. */
export const testStores: readonly TestStore[] = [
  {
    name: 'PGlite',
    skip: undefined,
    open: () => {
      const store = openPgliteStore({ folder: null, maxWaiting: 200 });
      return Promise.resolve({ store, close: () => store.close() });
    },
  },
  {
    name: 'PostgreSQL',
    skip: programs === undefined && process.env['CI'] === undefined ? 'no PostgreSQL server is installed' : undefined,
    open: async () => {
      const cluster = await startPostgresqlCluster(programs ?? '/usr/lib/postgresql/15/bin');
      const store = openPostgresqlStore(cluster.options, { log: silentLogger });
      return {
        store,
        close: async () => {
          await store.close();
          await cluster.stop();
        },
      };
    },
  },
];
