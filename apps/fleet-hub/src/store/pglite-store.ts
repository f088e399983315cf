import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DeviceError, errorMessage } from '@edge-blueprints/contracts';
import { startWorker } from '@edge-blueprints/pipeline';
import { lockFolder } from './folder-lock.js';
import type { SqlResult, SqlSession, SqlStore, SqlValue } from './sql-store.js';
import { storeError } from './store-error.js';
import { createWaitingLine } from './waiting-line.js';

export interface PgliteOptions {
  /** Folder of the cluster, made where missing; null keeps everything in memory. One process at a time. */
  readonly folder: string | null;
  readonly maxWaiting: number;
}

export type PgliteCall = { readonly id: number } & (
  | { readonly verb: 'query'; readonly sql: string; readonly values: readonly SqlValue[] }
  | { readonly verb: 'script'; readonly sql: string }
  | { readonly verb: 'close' }
);

export type PgliteAnswer = { readonly id: number } & (
  | { readonly rows: readonly Record<string, unknown>[]; readonly affected: number }
  | { readonly failure: { readonly code: string; readonly message: string } }
);

type Call = {
  readonly verb: 'query' | 'script' | 'close';
  readonly sql?: string;
  readonly values?: readonly SqlValue[];
};

/**
 * PostgreSQL compiled to WebAssembly, in a worker thread: a query computes for milliseconds, and the hub's loop must not.
 * It has one connection, so transactions and queries take turns.
 * @throws ConfigError `hub.store-in-use` when another process has the folder open
 * @throws DeviceError `hub.store-failed` from the first call, when the folder cannot be used
 */
export function openPgliteStore(options: PgliteOptions): SqlStore {
  const { folder } = options;
  if (folder !== null) mkdirSync(folder, { recursive: true });
  const unlock = folder === null ? () => undefined : lockFolder(folder);
  const cluster = folder === null ? null : join(folder, 'cluster');
  const worker = startWorker(import.meta.url, './pglite-worker', { workerData: { folder: cluster } });
  const line = createWaitingLine(1, options.maxWaiting);
  const open = new Map<number, { resolve: (value: SqlResult) => void; reject: (error: unknown) => void }>();
  let next = 0;
  let dead: DeviceError | undefined;
  const fall = (message: string): void => {
    dead ??= new DeviceError('hub.store-closed', message, { retry: 'safe' });
    for (const { reject } of open.values()) reject(dead);
    open.clear();
    unlock();
  };
  worker.on('message', (answer: PgliteAnswer) => {
    const waiting = open.get(answer.id);
    open.delete(answer.id);
    if ('failure' in answer)
      waiting?.reject(
        storeError(Object.assign(new PgliteFailure(answer.failure.message), { code: answer.failure.code })),
      );
    else waiting?.resolve({ rows: answer.rows, affected: answer.affected });
  });
  worker.on('error', (error) => fall(`The store in ${folder ?? 'memory'} failed: ${errorMessage(error)}`));
  worker.on('exit', () => fall(`The store in ${folder ?? 'memory'} is closed.`));
  const ask = (call: Call): Promise<SqlResult> =>
    new Promise((resolve, reject) => {
      if (dead) return reject(dead);
      const id = next++;
      open.set(id, { resolve, reject });
      worker.postMessage({ ...call, id });
    });
  const session: SqlSession = {
    query: (sql, values = []) => ask({ verb: 'query', sql, values }),
    script: async (sql) => void (await ask({ verb: 'script', sql })),
  };
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await line.idle();
    if (dead) return;
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    await ask({ verb: 'close' });
    await gone;
  };
  return {
    kind: 'pglite',
    query: (sql, values) => line.run(() => session.query(sql, values)),
    script: (sql) => line.run(() => session.script(sql)),
    transaction: (work) =>
      line.run(async () => {
        await session.script('BEGIN');
        try {
          const value = await work(session);
          await session.script('COMMIT');
          return value;
        } catch (error) {
          if (!dead) await session.script('ROLLBACK');
          throw error;
        }
      }),
    stats: line.stats,
    close: () => (closing ??= close()),
  };
}

class PgliteFailure extends Error {}
