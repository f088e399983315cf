import { errorMessage, type Logger, type MesView, withDeadline } from '@edge-blueprints/contracts';
import type { OutboxMessage, RecordStore } from '@edge-blueprints/telemetry';
import { z } from 'zod';
import type { MesDelivery } from './part-store-port.js';

export const mesConfigSchema = z.strictObject({
  url: z.url({ protocol: /^https?$/ }).meta({ description: 'Where the MES takes IPC-CFX messages by HTTP POST.' }),
  timeoutMs: z
    .int()
    .min(50)
    .max(60_000)
    .default(3_000)
    .meta({ description: 'An answer later than this is taken as none.' }),
  retryMinMs: z
    .int()
    .min(10)
    .max(60_000)
    .default(250)
    .meta({ description: 'First pause after a failure; doubles, with jitter.' }),
  retryMaxMs: z.int().min(100).max(600_000).default(15_000).meta({ description: 'Longest pause after a failure.' }),
  tokenEnv: z.string().optional().meta({ description: 'Name of the environment variable that holds a bearer token.' }),
});

export type MesConfig = z.infer<typeof mesConfigSchema>;

export interface MesDeliveryDeps {
  readonly outbox: Pick<RecordStore, 'pending' | 'acknowledge' | 'fail' | 'stats'>;
  readonly log: Logger;
  /** Uniform in [0, 1), spreads the retries of many stations. */
  readonly jitter: () => number;
  readonly token?: string;
}

export interface NudgedMesDelivery extends MesDelivery {
  /** Tells that something new waits; delivery also looks by itself. */
  nudge(): void;
}

type Answer = 'accepted' | 'refused' | 'failed';

/**
 * Works off the outbox in order, one message at a time. A message leaves the outbox only after the MES answered 2xx. A
 * time-out or a lost answer is ambiguous, and is repeated with the same UniqueID, by which the MES recognises it. 400,
 * 409, 413, 415 and 422 mean that this message will never be taken: it is set aside, counted and shown.
 */
export function startMesDelivery(config: MesConfig, deps: MesDeliveryDeps): NudgedMesDelivery {
  const stop = new AbortController();
  let wake: (() => void) | undefined;
  let view: MesView = { url: config.url, state: 'waiting', delivered: 0, pending: 0, dropped: 0, lastError: null };
  let failures = 0;

  const look = async (): Promise<void> => {
    const stats = await deps.outbox.stats();
    view = { ...view, delivered: stats.delivered, pending: stats.pending, dropped: stats.refused };
  };
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      if (stop.signal.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        wake = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      wake = done;
    });

  const post = async (body: string, signal: AbortSignal) => {
    const headers = {
      'content-type': 'application/json',
      ...(deps.token ? { authorization: `Bearer ${deps.token}` } : {}),
    };
    const response = await fetch(config.url, { method: 'POST', headers, body, redirect: 'error', signal });
    return { ok: response.ok, status: response.status, text: (await response.text()).slice(0, 300) };
  };

  const send = async ({ id, key, message }: OutboxMessage): Promise<Answer> => {
    let reason: string;
    try {
      const { ok, status, text } = await withDeadline(config.timeoutMs, stop.signal, (signal) => post(message, signal));
      if (ok) {
        await deps.outbox.acknowledge(id);
        return 'accepted';
      }
      reason = `HTTP ${status} ${text}`;
      if ([400, 409, 413, 415, 422].includes(status)) {
        await deps.outbox.fail(id, reason, true);
        deps.log.error('record.mes.refused', { key, reason });
        view = { ...view, lastError: reason };
        return 'refused';
      }
    } catch (error) {
      if (stop.signal.aborted) return 'failed';
      reason = error instanceof Error && error.cause !== undefined ? errorMessage(error.cause) : errorMessage(error);
    }
    await deps.outbox.fail(id, reason, false);
    deps.log.warn('record.mes.failed', { key, reason });
    view = { ...view, state: 'failing', lastError: reason };
    return 'failed';
  };

  const round = async (): Promise<void> => {
    const batch = await deps.outbox.pending(16);
    if (batch.length === 0) {
      failures = 0;
      view = { ...view, state: 'waiting' };
      await look();
      return pause(1_000);
    }
    for (const message of batch) {
      if (stop.signal.aborted) return;
      if ((await send(message)) === 'failed') {
        await look();
        const longest = Math.min(config.retryMaxMs, config.retryMinMs * 2 ** Math.min(failures++, 20));
        return backOff(longest / 2 + (deps.jitter() * longest) / 2);
      }
      failures = 0;
      view = { ...view, state: 'delivering', lastError: null };
    }
    await look();
  };
  /** New parts must not shorten a back-off, only `close` may. */
  const backOff = async (ms: number): Promise<void> => {
    const until = Date.now() + ms;
    while (!stop.signal.aborted && Date.now() < until) await pause(until - Date.now());
  };

  const running = (async () => {
    while (!stop.signal.aborted) {
      try {
        await round();
      } catch (error) {
        if (stop.signal.aborted) return;
        view = { ...view, state: 'failing', lastError: errorMessage(error) };
        deps.log.error('record.mes.store', { message: errorMessage(error) });
        await pause(1_000);
      }
    }
  })();

  return {
    nudge: () => wake?.(),
    view: () => view,
    async close() {
      stop.abort();
      wake?.();
      await running;
    },
  };
}
