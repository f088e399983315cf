import { DeviceError } from '@edge-blueprints/contracts';
import type { SqlStoreStats } from './sql-store.js';

/** Lets `width` jobs run at a time, first come first served; a job beyond `maxWaiting` is refused. */
export interface WaitingLine {
  /** @throws DeviceError `hub.store-busy` */
  run<T>(job: () => Promise<T>): Promise<T>;
  stats(): SqlStoreStats;
  /** Settles when nothing runs and nothing waits. */
  idle(): Promise<void>;
}

export function createWaitingLine(width: number, maxWaiting: number): WaitingLine {
  const waiting: (() => void)[] = [];
  const idlers: (() => void)[] = [];
  let running = 0;
  let refusedBusy = 0;
  const leave = (): void => {
    const next = waiting.shift();
    if (next) return next();
    running -= 1;
    if (running === 0) for (const tell of idlers.splice(0)) tell();
  };
  const enter = (): Promise<void> => {
    if (running < width) {
      running += 1;
      return Promise.resolve();
    }
    if (waiting.length >= maxWaiting) {
      refusedBusy += 1;
      throw new DeviceError(
        'hub.store-busy',
        `${waiting.length} calls wait for the database already (bound ${maxWaiting}); it is too slow for what is asked of it`,
        { retry: 'safe' },
      );
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  return {
    run: async (job) => {
      await enter();
      try {
        return await job();
      } finally {
        leave();
      }
    },
    stats: () => ({ waiting: waiting.length, maxWaiting, refusedBusy }),
    idle: () => (running === 0 ? Promise.resolve() : new Promise((resolve) => idlers.push(resolve))),
  };
}
