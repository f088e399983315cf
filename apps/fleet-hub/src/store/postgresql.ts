import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { Logger } from '@edge-blueprints/contracts';
import type { SqlSession, SqlStore } from './sql-store.js';
import { storeError } from './store-error.js';
import { createWaitingLine } from './waiting-line.js';

export interface PostgresqlOptions {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  /** CA file of the server's certificate; null speaks without TLS. */
  readonly tlsCaFile: string | null;
  readonly connections: number;
  readonly maxWaiting: number;
  readonly statementTimeoutMs: number;
}

/** A pool of connections to a PostgreSQL server, 14 or newer. Connects at the first call. */
export function openPostgresqlStore(options: PostgresqlOptions, deps: { readonly log: Logger }): SqlStore {
  const int8 = pg.types.builtins.INT8;
  const pool = new pg.Pool({
    host: options.host,
    port: options.port,
    database: options.database,
    user: options.user,
    ...(options.password === undefined ? {} : { password: options.password }),
    ssl: options.tlsCaFile === null ? false : { ca: readFileSync(options.tlsCaFile, 'utf8') },
    max: options.connections,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: options.statementTimeoutMs,
    idle_in_transaction_session_timeout: options.statementTimeoutMs,
    application_name: 'edge-blueprints-hub',
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === int8 && format !== 'binary' ? Number : pg.types.getTypeParser(oid, format ?? 'text'),
    },
  });
  // An idle connection that breaks tells it here; the next call draws a fresh one.
  pool.on('error', (error) => deps.log.warn('store.connection-lost', { message: error.message }));
  const line = createWaitingLine(options.connections, options.maxWaiting);
  const sessionOf = (client: pg.PoolClient): SqlSession => ({
    query: async (sql, values = []) => {
      try {
        const { rows, rowCount } = await client.query<Record<string, unknown>>(sql, values.map(asParameter));
        return { rows, affected: rowCount ?? 0 };
      } catch (error) {
        throw storeError(error);
      }
    },
    script: async (sql) => {
      try {
        await client.query(sql);
      } catch (error) {
        throw storeError(error);
      }
    },
  });
  const withClient = <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> =>
    line.run(async () => {
      const client = await pool.connect().catch((error: unknown) => {
        throw storeError(error);
      });
      // Without a listener a connection that breaks while it is lent would end the process.
      const ignore = (): void => undefined;
      client.on('error', ignore);
      let broken = false;
      try {
        return await work(client);
      } catch (error) {
        broken = storeError(error).code === 'hub.store-unavailable';
        throw error;
      } finally {
        client.off('error', ignore);
        client.release(broken);
      }
    });
  let closing: Promise<void> | undefined;
  return {
    kind: 'postgresql',
    query: (sql, values) => withClient((client) => sessionOf(client).query(sql, values)),
    script: (sql) => withClient((client) => sessionOf(client).script(sql)),
    transaction: (work) =>
      withClient(async (client) => {
        const session = sessionOf(client);
        await session.script('BEGIN');
        try {
          const value = await work(session);
          await session.script('COMMIT');
          return value;
        } catch (error) {
          await session.script('ROLLBACK').catch(() => undefined);
          throw error;
        }
      }),
    stats: line.stats,
    close: () => (closing ??= line.idle().then(() => pool.end())),
  };
}

function asParameter(value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
}
