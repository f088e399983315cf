import { DeviceError, type Retry, UsageError } from '@edge-blueprints/contracts';
import { startWorker } from '@edge-blueprints/pipeline';
import type { DeliveryInput, DeliveryQueue, Settlement } from './delivery-queue-port.js';
import type { SqliteDeliveryQueueOptions } from './sqlite-delivery-queue.js';

/** `file`: SQLite file; its folder is made where missing. */
export type DeliveryQueueOptions = SqliteDeliveryQueueOptions;

type Request =
  | { readonly verb: 'append'; readonly entries: readonly DeliveryInput[] }
  | { readonly verb: 'oldest' | 'aside'; readonly limit: number }
  | { readonly verb: 'settle'; readonly settlement: Settlement }
  | { readonly verb: 'stats' | 'close' };
export type DeliveryCall = Request & { readonly id: number };

export interface DeliveryAnswer {
  readonly id: number;
  readonly value?: unknown;
  readonly depth?: number;
  readonly failure?: { readonly code: string; readonly retry: Retry; readonly message: string };
}

/**
 * Opens the queue in a worker thread: a commit waits for the disk, and the event loop must not.
 * @throws UsageError `store.limits`. From the first call: DeviceError `store.corrupt`, `store.version`
 */
export function openDeliveryQueue(options: DeliveryQueueOptions): DeliveryQueue {
  const { maxBytes, maxAgeMs, maxAsideBytes } = options;
  if (!(maxBytes >= 4_096 && maxAgeMs >= 1_000 && maxAsideBytes >= 4_096))
    throw new UsageError(
      'store.limits',
      `The queue ${options.file} has maxBytes ${maxBytes}, maxAgeMs ${maxAgeMs}, maxAsideBytes ${maxAsideBytes}; give at least 4096, 1000 and 4096.`,
    );
  const worker = startWorker(import.meta.url, './delivery-worker', { workerData: options });
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let next = 0;
  let depth = 0;
  let dead: DeviceError | undefined;
  const fall = (message: string, retry: Retry, cause?: unknown): void => {
    dead ??= new DeviceError('store.closed', message, { retry, cause });
    for (const { reject } of open.values()) reject(dead);
    open.clear();
  };
  worker.on('message', (answer: DeliveryAnswer) => {
    const waiting = open.get(answer.id);
    open.delete(answer.id);
    if (answer.depth !== undefined) depth = answer.depth;
    const { failure } = answer;
    if (failure) waiting?.reject(new DeviceError(failure.code, failure.message, { retry: failure.retry }));
    else waiting?.resolve(answer.value);
  });
  worker.on('error', (error) => fall(`The queue ${options.file} stopped: ${error.message}.`, 'ambiguous', error));
  worker.on('exit', () => fall(`The queue ${options.file} is closed.`, 'safe'));
  // The answer's type follows from the verb; the worker beside this file is its only speaker.
  const call = <T>(request: Request): Promise<T> =>
    new Promise<unknown>((resolve, reject) => {
      if (dead) return reject(dead);
      const id = next++;
      open.set(id, { resolve, reject });
      worker.postMessage({ ...request, id } satisfies DeliveryCall);
    }) as Promise<T>;
  let closing: Promise<void> | undefined;
  return {
    append: (entries) => call({ verb: 'append', entries }),
    oldest: (limit) => call({ verb: 'oldest', limit }),
    settle: (settlement) => call({ verb: 'settle', settlement }),
    aside: (limit) => call({ verb: 'aside', limit }),
    stats: () => call({ verb: 'stats' }),
    depth: () => depth,
    close: () => (closing ??= dead ? Promise.resolve() : call<void>({ verb: 'close' })),
  };
}
