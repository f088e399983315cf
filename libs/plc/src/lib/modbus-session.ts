import { EdgeError, UsageError, errorCode, errorMessage } from '@edge-blueprints/contracts';
import type { Random } from '@edge-blueprints/contracts';
import { connectModbus } from './modbus-client.js';
import type { ModbusClient, ModbusClientOptions } from './modbus-client.js';

export interface ModbusSessionOptions {
  readonly client: ModbusClientOptions;
  /** First pause after a failure; doubles up to `backoffMaxMs`, each pause shortened by up to half at random. */
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  readonly random: Random;
  /** Works on one connection until it fails or `stop` fires. Every connection starts with a resynchronisation of its own. */
  readonly work: (client: ModbusClient, stop: AbortSignal) => Promise<void>;
  readonly onDisconnected: (code: string, message: string) => void;
}

/** Connects, works, and after each failure drops the connection, waits and connects anew, until `stop` fires. */
export async function maintainModbusSession(options: ModbusSessionOptions, stop: AbortSignal): Promise<void> {
  let pauseMs = options.backoffMinMs;
  while (!stop.aborted) {
    try {
      const client = await connectModbus(options.client, stop);
      const connectionStop = new AbortController();
      const ended = AbortSignal.any([stop, connectionStop.signal]);
      try {
        pauseMs = options.backoffMinMs;
        void client.closed.then(() => connectionStop.abort());
        await options.work(client, ended);
      } finally {
        client.close();
      }
    } catch (error) {
      if (!(error instanceof EdgeError) || error instanceof UsageError) throw error;
      if (!stop.aborted) options.onDisconnected(errorCode(error), errorMessage(error));
    }
    await pause(pauseMs * (0.5 + options.random.next() / 2), stop);
    pauseMs = Math.min(options.backoffMaxMs, pauseMs * 2);
  }
}

/** Waits; ends early, without an error, when the signal fires. */
export function pause(ms: number, stop: AbortSignal): Promise<void> {
  if (stop.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    stop.addEventListener('abort', done, { once: true });
  });
}
