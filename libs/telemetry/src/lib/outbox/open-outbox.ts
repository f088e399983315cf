import { DeviceError, silentLogger, UsageError, type Clock, type Logger, type Retry } from '@edge-blueprints/contracts';
import { startWorker } from '@edge-blueprints/pipeline';
import { checkOutboxLimits } from './outbox-limits.js';
import type { Instant } from './outbox-ledger.js';
import type { Contiguity, Outbox, OutboxEntry, OutboxInput, OutboxLimits, OutboxStats } from './outbox-port.js';

export interface OutboxOptions extends OutboxLimits {
  /** SQLite file; its folder is made where missing. Beside it: `.mark`, `.lock`, and `.damaged-…` after a repair. */
  readonly file: string;
  /** Metric events are committed after so long at the latest, */
  readonly groupMs: number;
  /** or when there are so many, or with the next business or critical event. */
  readonly groupEvents: number;
  readonly clock: Clock;
  /** `clock.monotonicMs()` at the process start; default: now. */
  readonly startedMs?: number;
  readonly log?: Logger;
  /** Random name of this process start: 16 hex digits. */
  readonly boot: string;
  /** Random name for a fresh file: 16 hex digits. */
  readonly newEpoch: string;
}

/** What the worker thread gets. */
export type OutboxWorkerData = OutboxLimits &
  Pick<OutboxOptions, 'file' | 'groupMs' | 'groupEvents' | 'boot' | 'newEpoch'>;

export type OutboxRequest =
  | { readonly verb: 'append'; readonly event: OutboxInput }
  | { readonly verb: 'next'; readonly limit: Parameters<Outbox['next']>[0] }
  | { readonly verb: 'acknowledge'; readonly epoch: string; readonly accepted: Parameters<Outbox['acknowledge']>[1] }
  | { readonly verb: 'refuse'; readonly epoch: string; readonly refused: Parameters<Outbox['refuse']>[1] }
  | { readonly verb: 'stats' | 'contiguity' | 'close' };
export type OutboxCall = OutboxRequest & { readonly id: number; readonly now: Instant };

export type OutboxAnswer =
  | { readonly id: number; readonly value: unknown }
  | {
      readonly id: number;
      readonly failure: { readonly code: string; readonly retry: Retry; readonly message: string };
    }
  | { readonly recovery: string };

/**
 * Opens the durable outbox in a worker thread: a commit waits for the disk, and the event loop must not. Appends that wait
 * at the same time share one commit, so that a slow disk makes larger groups instead of a longer queue.
 *
 * @throws UsageError `outbox.limits`. From the first call: DeviceError `outbox.disk`, `outbox.in-use`, `outbox.version`
 */
export function openOutbox(options: OutboxOptions): Outbox {
  checkOutboxLimits(options);
  const { file, clock, boot, newEpoch, groupMs, groupEvents, maxBytes, criticalBytes, maxAgeMs } = options;
  if (!(groupMs >= 1 && groupEvents >= 1))
    throw new UsageError('outbox.limits', `groupMs is ${groupMs} and groupEvents ${groupEvents}; give at least 1.`);
  const log = options.log ?? silentLogger;
  const startedMs = options.startedMs ?? clock.monotonicMs();
  const workerData: OutboxWorkerData = {
    file,
    boot,
    newEpoch,
    groupMs,
    groupEvents,
    maxBytes,
    criticalBytes,
    maxAgeMs,
  };
  const worker = startWorker(import.meta.url, './outbox-worker', { workerData });
  const open = new Map<number, { resolve: (value: unknown) => void; reject: (error: unknown) => void }>();
  let next = 0;
  let dead: DeviceError | undefined;

  worker.on('message', (answer: OutboxAnswer) => {
    if ('recovery' in answer) return log.warn('outbox.recovered', { file, reason: answer.recovery });
    const waiting = open.get(answer.id);
    open.delete(answer.id);
    if ('failure' in answer) {
      const { code, retry, message } = answer.failure;
      waiting?.reject(new DeviceError(code, message, { retry }));
    } else waiting?.resolve(answer.value);
  });
  const fall = (message: string, retry: Retry, cause?: unknown): void => {
    dead ??= new DeviceError('outbox.closed', message, { retry, cause });
    for (const { reject } of open.values()) reject(dead);
    open.clear();
  };
  worker.on('error', (error) => fall(`The outbox ${file} stopped: ${error.message}. Start again.`, 'ambiguous', error));
  worker.on('exit', () => fall(`The outbox ${file} is closed.`, 'safe'));

  // The answer's type follows from the verb; the worker beside this file is its only speaker.
  const call = <T>(request: OutboxRequest): Promise<T> =>
    new Promise<unknown>((resolve, reject) => {
      if (dead) return reject(dead);
      const id = next++;
      open.set(id, { resolve, reject });
      const now: Instant = { epochMs: clock.epochMs(), uptimeMs: clock.monotonicMs() - startedMs };
      worker.postMessage({ ...request, id, now } satisfies OutboxCall);
    }) as Promise<T>;
  let closing: Promise<void> | undefined;
  return {
    append: (event) => call({ verb: 'append', event }),
    next: (limit) => call<readonly OutboxEntry[]>({ verb: 'next', limit }),
    acknowledge: (epoch, accepted) => call({ verb: 'acknowledge', epoch, accepted }),
    refuse: (epoch, refused) => call({ verb: 'refuse', epoch, refused }),
    stats: () => call<OutboxStats>({ verb: 'stats' }),
    contiguity: () => call<Contiguity>({ verb: 'contiguity' }),
    close: () => (closing ??= dead ? Promise.resolve() : call<void>({ verb: 'close' })),
  };
}
