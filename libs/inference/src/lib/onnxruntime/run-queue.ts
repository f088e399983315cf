import type { Clock, InferOptions } from '@edge-blueprints/contracts';
import { DeviceError } from '@edge-blueprints/contracts';

/** One call that waits for its turn. */
export interface Turn<T> extends InferOptions {
  /** `wanted` turns false when the caller was let go while the turn prepared itself: then do not run. */
  readonly run: (wanted: () => boolean) => Promise<T>;
  /** The call was let go before `run` was called. */
  readonly unstarted: () => void;
}

/**
 * Runs one turn at a time, in order. A caller is let go at its deadline or abort at once; a run that has begun goes on,
 * and the next turn begins after it.
 */
export interface RunQueue {
  /** @throws DeviceError `infer.overloaded`, `infer.deadline`, `infer.aborted`, `infer.disposed`, and what `run` throws */
  submit<T>(turn: Turn<T>): Promise<T>;
  /** Refuses what waits and what comes, and resolves when the running turn is over. */
  close(): Promise<void>;
}

interface Waiting {
  readonly start: () => Promise<void>;
  readonly drop: (error: DeviceError) => void;
}

/** Node fires longer timers at once. */
const longestTimerMs = 2 ** 31 - 1;

/** @param waiting how many calls may wait behind the running one */
export function createRunQueue(waiting: number, clock: Clock): RunQueue {
  const line: Waiting[] = [];
  let running: Promise<void> | undefined;
  let closed = false;

  const next = (): void => {
    const entry = line.shift();
    if (entry === undefined) {
      running = undefined;
      return;
    }
    running = entry.start().then(next);
  };

  const enter = <T>(turn: Turn<T>, resolve: (value: T) => void, reject: (error: unknown) => void): void => {
    let state: 'waiting' | 'running' | 'over' = 'waiting';
    const settle = (outcome: () => void): void => {
      if (state === 'over') return;
      state = 'over';
      clearTimeout(timer);
      turn.signal?.removeEventListener('abort', onAbort);
      outcome();
    };
    const letGo = (error: DeviceError): void => {
      const waits = line.indexOf(entry);
      if (waits >= 0) line.splice(waits, 1);
      const unstarted = state === 'waiting';
      settle(() => {
        reject(error);
      });
      if (unstarted) turn.unstarted();
    };
    const onAbort = (): void => {
      letGo(aborted());
    };
    const entry: Waiting = {
      drop: letGo,
      start: async () => {
        const late = refusal(turn, clock);
        if (late !== undefined) {
          letGo(late);
          return;
        }
        state = 'running';
        try {
          const value = await turn.run(() => state === 'running');
          const missed = refusal(turn, clock);
          settle(() => {
            if (missed === undefined) resolve(value);
            else reject(missed);
          });
        } catch (error) {
          settle(() => {
            reject(error);
          });
        }
      },
    };
    const timer = deadlineTimer(turn.deadlineMs, clock, letGo);
    turn.signal?.addEventListener('abort', onAbort, { once: true });
    line.push(entry);
    if (running === undefined) next();
  };

  return {
    submit: async (turn) => {
      const refused = closed
        ? disposed()
        : (refusal(turn, clock) ?? overload(running === undefined, line.length, waiting));
      if (refused !== undefined) {
        turn.unstarted();
        throw refused;
      }
      return new Promise((resolve, reject) => {
        enter(turn, resolve, reject);
      });
    },
    close: async () => {
      closed = true;
      for (const entry of [...line]) entry.drop(disposed());
      while (running !== undefined) await running;
    },
  };
}

function deadlineTimer(
  deadlineMs: number | undefined,
  clock: Clock,
  letGo: (error: DeviceError) => void,
): NodeJS.Timeout | undefined {
  if (deadlineMs === undefined || !Number.isFinite(deadlineMs)) return undefined;
  const waitMs = Math.min(Math.max(0, deadlineMs - clock.monotonicMs()), longestTimerMs);
  return setTimeout(() => {
    letGo(deadlinePassed(deadlineMs));
  }, Math.ceil(waitMs));
}

function refusal({ deadlineMs, signal }: InferOptions, clock: Clock): DeviceError | undefined {
  if (signal?.aborted === true) return aborted();
  return deadlineMs !== undefined && clock.monotonicMs() > deadlineMs ? deadlinePassed(deadlineMs) : undefined;
}

function overload(idle: boolean, inLine: number, waiting: number): DeviceError | undefined {
  if (idle || inLine < waiting) return undefined;
  return new DeviceError(
    'infer.overloaded',
    `One call is running and ${inLine} are waiting, which is the bound. Send the newest frame when a call settles.`,
    { retry: 'safe', context: { waiting: inLine } },
  );
}

function deadlinePassed(deadlineMs: number): DeviceError {
  return new DeviceError(
    'infer.deadline',
    `The answer was due at ${deadlineMs.toFixed(1)} ms (monotonic) and is late.`,
    {
      retry: 'safe',
      context: { deadlineMs },
    },
  );
}

function aborted(): DeviceError {
  return new DeviceError('infer.aborted', 'The caller aborted the call.', { retry: 'safe' });
}

export function disposed(): DeviceError {
  return new DeviceError('infer.disposed', 'The engine was disposed. Create a new one.');
}
