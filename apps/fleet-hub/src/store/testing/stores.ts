import { randomBytes } from 'node:crypto';
import { DeviceError, silentLogger } from '@edge-blueprints/contracts';
import { inject } from 'vitest';
import { openPgliteStore } from '../pglite-store.js';
import { openPostgresqlStore } from '../postgresql.js';
import type { SqlStore } from '../sql-store.js';
import { postgresqlPrograms } from './postgresql-cluster.js';

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
      const server = inject('postgresql');
      if (server === null) throw new DeviceError('test.postgresql', 'CI needs a PostgreSQL server; none is installed');
      const database = `spec_${randomBytes(8).toString('hex')}`;
      const first = openPostgresqlStore(server, { log: silentLogger });
      await first.script(`CREATE DATABASE ${database}`);
      await first.close();
      const store = openPostgresqlStore({ ...server, database }, { log: silentLogger });
      return { store, close: () => store.close() };
    },
  },
];
