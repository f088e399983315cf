import type { Logger } from '@edge-blueprints/contracts';
import { DeviceError, errorMessage } from '@edge-blueprints/contracts';
import type { SessionThread, StartSessionThread } from './session-thread.js';

export interface RestartPolicy {
  /** Restarts in a row without a successful run between them, after which the engine counts as failed. */
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
}

export interface SupervisorStatus {
  readonly state: 'up' | 'restarting' | 'failed';
  readonly restarts: number;
  readonly detail: string;
}

/** Keeps one worker alive: a worker that dies is started again, with growing delays. */
export interface ThreadSupervisor {
  /** The worker, or the one that is being started in its place. @throws DeviceError `infer.failed` when it gave up */
  thread(): Promise<SessionThread>;
  /** A run succeeded: the delays start small again. */
  healthy(): void;
  status(): SupervisorStatus;
  /** No more restarts: whoever waits for one is told `infer.disposed`. */
  endRestarts(): void;
  /** Waits for the request in work. */
  stop(): Promise<void>;
}

/**
 * @param prepare brings a new worker to where the last one was (loads the model)
 * @throws what the first start throws
 */
export async function superviseThread(options: {
  readonly start: StartSessionThread;
  readonly prepare: (thread: SessionThread) => Promise<void>;
  readonly policy: RestartPolicy;
  readonly logger: Logger;
}): Promise<ThreadSupervisor> {
  const { start, prepare, policy, logger } = options;
  const stopping = new AbortController();
  let inARow = 0;
  let restarts = 0;
  let state: SupervisorStatus['state'] = 'up';
  let detail = '';

  const watch = (thread: SessionThread): SessionThread => {
    void thread.closed.then((reason) => {
      if (stopping.signal.aborted) return;
      current = restart(reason);
      current.catch(() => undefined); // whoever asks for the thread next gets the error
    });
    return thread;
  };

  const restart = async (firstReason: string): Promise<SessionThread> => {
    state = 'restarting';
    detail = firstReason;
    while (inARow < policy.attempts) {
      const delayMs = Math.min(policy.firstDelayMs * 2 ** inARow, policy.maxDelayMs);
      inARow += 1;
      logger.error('infer.worker-lost', { reason: detail, delayMs, attempt: inARow });
      await pause(delayMs, stopping.signal);
      if (stopping.signal.aborted) throw new DeviceError('infer.disposed', 'The engine was disposed.');
      try {
        const thread = await bringUp();
        restarts += 1;
        state = 'up';
        detail = '';
        logger.warn('infer.worker-restarted', { restarts });
        return watch(thread);
      } catch (error) {
        detail = errorMessage(error);
      }
    }
    state = 'failed';
    throw new DeviceError(
      'infer.failed',
      `The inference worker died ${policy.attempts} times in a row and was given up: ${detail}. Restart the process; if it ` +
        'happens again, check memory and the model file.',
      { context: { restarts, reason: detail } },
    );
  };

  const bringUp = async (): Promise<SessionThread> => {
    const thread = await start();
    try {
      await prepare(thread);
      return thread;
    } catch (error) {
      await thread.stop();
      throw error;
    }
  };

  let current: Promise<SessionThread> = Promise.resolve(watch(await start()));
  return {
    thread: async () => current,
    healthy: () => (inARow = 0),
    status: () => ({ state, restarts, detail }),
    endRestarts: () => {
      stopping.abort();
    },
    stop: async () => {
      stopping.abort();
      const thread = await current.catch(() => undefined);
      await thread?.stop();
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
