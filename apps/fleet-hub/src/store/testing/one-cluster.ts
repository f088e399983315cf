import type { TestProject } from 'vitest/node';
import type { PostgresqlOptions } from '../postgresql.js';
import { postgresqlPrograms, startPostgresqlCluster } from './postgresql-cluster.js';

declare module 'vitest' {
  interface ProvidedContext {
    /** The server of this test run; null where none is installed. */
    readonly postgresql: PostgresqlOptions | null;
  }
}

/** One PostgreSQL server for all specs of a run: each takes a database of its own in it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const programs = postgresqlPrograms();
  const cluster = programs === undefined ? undefined : await startPostgresqlCluster(programs);
  project.provide('postgresql', cluster?.options ?? null);
  return async () => cluster?.stop();
}
