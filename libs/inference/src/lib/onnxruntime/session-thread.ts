import './no-telemetry.js';
import { Worker } from 'node:worker_threads';
import { DeviceError, errorMessage } from '@edge-blueprints/contracts';
import type { FromWorker, SessionReply, SessionRequest, ToWorker } from './session-protocol.js';

/** The main thread's end of one worker that owns a session. */
export interface SessionThread {
  /** `onnxruntime 1.30.0` */
  readonly runtime: string;
  /** Buffers in `transfer` belong to the worker until the reply. @throws DeviceError `infer.failed` when the worker dies */
  request(request: SessionRequest, transfer?: readonly ArrayBuffer[]): Promise<SessionReply>;
  /** Resolves with the reason when the worker is gone, however it went. */
  readonly closed: Promise<string>;
  /** Waits for the request in work, releases the session, ends the worker. Never interrupts a run. */
  stop(): Promise<void>;
}

export type StartSessionThread = () => Promise<SessionThread>;

/**
 * Starts a worker and waits for its greeting.
 * @param onWorker sees the raw worker, for tests that have to kill it
 * @throws DeviceError `infer.runtime-missing` when the runtime does not load on this machine
 */
export async function startSessionThread(onWorker?: (worker: Worker) => void): Promise<SessionThread> {
  const worker = openWorker();
  onWorker?.(worker);
  const pending = new Map<number, { resolve: (reply: SessionReply) => void; reject: (error: Error) => void }>();
  let nextId = 1;
  let gone: string | undefined;
  let greet: (runtime: string) => void = () => undefined;
  let fault: unknown;
  const greeting = new Promise<string>((resolve) => (greet = resolve));

  worker.on('message', (message: FromWorker) => {
    if ('runtime' in message) {
      greet(message.runtime);
      return;
    }
    pending.get(message.id)?.resolve(message.reply);
    pending.delete(message.id);
  });
  worker.on('error', (error) => (fault = error));
  const closed = new Promise<string>((resolve) => {
    worker.on('exit', (code) => {
      gone = fault === undefined ? `exit code ${code}` : errorMessage(fault);
      for (const { reject } of pending.values()) reject(workerLost(gone));
      pending.clear();
      resolve(gone);
    });
  });

  const runtime = await Promise.race([greeting, closed.then((reason) => Promise.reject(runtimeMissing(reason)))]);
  return {
    runtime,
    closed,
    request: async (request, transfer = []) =>
      new Promise((resolve, reject) => {
        if (gone !== undefined) {
          reject(workerLost(gone));
          return;
        }
        const id = nextId;
        nextId += 1;
        pending.set(id, { resolve, reject });
        worker.postMessage({ id, request } satisfies ToWorker, transfer);
      }),
    stop: async () => {
      if (gone === undefined) worker.postMessage({ stop: true } satisfies ToWorker);
      await closed;
    },
  };
}

/** From sources the worker needs a loader and the source condition; built, it needs nothing. */
function openWorker(): Worker {
  return import.meta.url.endsWith('.ts')
    ? new Worker(new URL('./session-worker-from-source.mjs', import.meta.url), {
        execArgv: ['--conditions=@edge-blueprints/source'],
      })
    : new Worker(new URL('./session-worker.js', import.meta.url), { execArgv: [] });
}

function workerLost(reason: string): DeviceError {
  return new DeviceError('infer.failed', `The inference worker ended before it answered (${reason}).`, {
    retry: 'safe',
    context: { reason },
  });
}

function runtimeMissing(reason: string): DeviceError {
  return new DeviceError(
    'infer.runtime-missing',
    `onnxruntime-node does not load on ${process.platform}-${process.arch} with Node ${process.version}: ${reason}. ` +
      'Use a platform that the package ships a binary for, or a remote engine.',
    { context: { reason } },
  );
}
