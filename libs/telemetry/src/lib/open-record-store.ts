import { DeviceError, type Retry } from '@edge-blueprints/contracts';
import { startWorker } from '@edge-blueprints/pipeline';
import type { RecordInput, RecordStore } from './record-store-port.js';

export interface RecordStoreOptions {
  /** SQLite file; its folder is made where missing. */
  readonly file: string;
  /** Bound of bodies, messages and blobs together. */
  readonly maxBytes: number;
}

interface Query {
  readonly limit: number;
  readonly before?: number;
  readonly tag?: string;
}

type Request =
  | { readonly verb: 'put'; readonly record: RecordInput }
  | { readonly verb: 'get' | 'blob' | 'readValue' | 'undelivered'; readonly key: string }
  | { readonly verb: 'list'; readonly query: Query }
  | { readonly verb: 'amend'; readonly key: string; readonly body: string; readonly message: string | null }
  | { readonly verb: 'writeValue'; readonly key: string; readonly body: string }
  | { readonly verb: 'pending'; readonly limit: number }
  | { readonly verb: 'acknowledge'; readonly row: number }
  | { readonly verb: 'fail'; readonly row: number; readonly reason: string; readonly final: boolean }
  | { readonly verb: 'stats' | 'close' };

export type StoreCall = Request & { readonly id: number };

export interface StoreAnswer {
  readonly id: number;
  readonly value?: unknown;
  readonly failure?: { readonly code: string; readonly retry: Retry; readonly message: string };
}

/**
 * Opens a durable record store in a worker thread: a commit waits for the disk, and the event loop must not.
 * @throws DeviceError `store.corrupt`, `store.version` from the first call, when the file cannot be used
 */
export function openRecordStore(options: RecordStoreOptions): RecordStore {
  const worker = startWorker(import.meta.url, './store-worker', { workerData: options });
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let next = 0;
  let dead: DeviceError | undefined;
  const fall = (message: string): void => {
    dead ??= new DeviceError('store.closed', message, { retry: 'safe' });
    for (const { reject } of open.values()) reject(dead);
    open.clear();
  };
  worker.on('message', ({ id, value, failure }: StoreAnswer) => {
    const waiting = open.get(id);
    open.delete(id);
    if (failure) waiting?.reject(new DeviceError(failure.code, failure.message, { retry: failure.retry }));
    else waiting?.resolve(value);
  });
  worker.on('error', (error) => {
    dead = new DeviceError('store.corrupt', error.message, { cause: error });
    fall(error.message);
  });
  worker.on('exit', () => fall(`The store ${options.file} is closed.`));
  // The answer's type follows from the verb; the worker beside this file is its only speaker.
  const call = <T>(request: Request): Promise<T> =>
    new Promise<unknown>((resolve, reject) => {
      if (dead) return reject(dead);
      const id = next++;
      open.set(id, { resolve, reject });
      worker.postMessage({ ...request, id });
    }) as Promise<T>;
  let closing: Promise<void> | undefined;
  return {
    put: (record) => call({ verb: 'put', record }),
    get: (key) => call({ verb: 'get', key }),
    list: (query) => call({ verb: 'list', query }),
    amend: (key, body, message = null) => call({ verb: 'amend', key, body, message }),
    undelivered: (key) => call({ verb: 'undelivered', key }),
    blob: (sha256) => call({ verb: 'blob', key: sha256 }),
    pending: (limit) => call({ verb: 'pending', limit }),
    acknowledge: (row) => call({ verb: 'acknowledge', row }),
    fail: (row, reason, final) => call({ verb: 'fail', row, reason, final }),
    readValue: (key) => call({ verb: 'readValue', key }),
    writeValue: (key, body) => call({ verb: 'writeValue', key, body }),
    stats: () => call({ verb: 'stats' }),
    close: () => (closing ??= dead ? Promise.resolve() : call<void>({ verb: 'close' })),
  };
}
