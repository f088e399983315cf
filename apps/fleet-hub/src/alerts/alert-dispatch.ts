import { EdgeError, errorMessage } from '@edge-blueprints/contracts';
import type { AlertOutputTestView, Logger } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { SqlStore } from '../store/sql-store.js';
import { alertKindSchema } from './alert-conditions.js';
import type { AlertMessage, AlertOutput } from './alert-message.js';

const waitingRows = z.array(
  z.object({
    id: z.number(),
    alert_id: z.number(),
    phase: z.enum(['raised', 'cleared']),
    site: z.string(),
    device: z.string(),
    kind: alertKindSchema,
    severity: z.enum(['warning', 'alarm']),
    text: z.string(),
    raised_at: z.date(),
    cleared_at: z.date().nullable(),
  }),
);

const maxAttempts = 6;
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;
/** Messages one output may have waiting; older ones fail, so that an output that is back tells what is true now. */
const maxWaiting = 500;
const atOnce = 20;

export interface AlertDispatch {
  /** Sends what waits and is due, one message at a time to each output. Call it every second; a call while one runs waits for it. */
  step(signal: AbortSignal): Promise<readonly number[]>;
  test(signal: AbortSignal): Promise<readonly AlertOutputTestView[]>;
}

/**
 * Brings queued messages out. Tries again after 1, 2, 4 ... 60 s, each stretched or shortened by up to a half, six times in
 * all; what became of each stands in the table.
 */
export function createAlertDispatch(
  store: SqlStore,
  outputs: readonly AlertOutput[],
  deps: { readonly epochMs: () => number; readonly random: () => number; readonly logger: Logger },
): AlertDispatch {
  const retries = new Map<number, { readonly attempts: number; readonly dueMs: number }>();
  const mark = (id: number, state: 'sent' | 'failed' | 'waiting', detail: string) =>
    store.query('UPDATE alert_delivery SET state = $2, detail = $3, at = $4 WHERE id = $1', [
      id,
      state,
      detail.slice(0, 300),
      new Date(deps.epochMs()).toISOString(),
    ]);
  const deliver = async (output: AlertOutput, id: number, message: AlertMessage, signal: AbortSignal) => {
    const attempts = (retries.get(id)?.attempts ?? 0) + 1;
    try {
      await output.send(message, signal);
      retries.delete(id);
      await mark(id, 'sent', '');
    } catch (error) {
      if (signal.aborted) return;
      const again = error instanceof EdgeError && error.retry === 'safe' && attempts < maxAttempts;
      const text = errorMessage(error);
      deps.logger.warn('alerts.send-failed', { output: output.name, attempts, message: text });
      await mark(id, again ? 'waiting' : 'failed', `try ${attempts} of ${maxAttempts}: ${text}`);
      if (!again) retries.delete(id);
      else {
        const pauseMs = Math.min(longestPauseMs, firstPauseMs * 2 ** (attempts - 1)) * (0.5 + deps.random());
        retries.set(id, { attempts, dueMs: deps.epochMs() + pauseMs });
      }
    }
  };
  const drain = async (output: AlertOutput, signal: AbortSignal): Promise<readonly number[]> => {
    await store.query(
      `UPDATE alert_delivery SET state = 'failed', detail = 'too many messages were waiting' WHERE state = 'waiting' AND output = $1
       AND id <= (SELECT id FROM alert_delivery WHERE state = 'waiting' AND output = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)`,
      [output.name, maxWaiting],
    );
    const { rows } = await store.query(
      `SELECT d.id, alert_id, phase, site, device, kind, severity, text, raised_at, cleared_at
       FROM alert_delivery d JOIN alert ON alert.id = alert_id WHERE state = 'waiting' AND output = $1 ORDER BY d.id LIMIT $2`,
      [output.name, maxWaiting],
    );
    const due = waitingRows.parse(rows).filter(({ id }) => (retries.get(id)?.dueMs ?? 0) <= deps.epochMs());
    const told: number[] = [];
    for (const { id, alert_id: alertId, raised_at: raisedAt, cleared_at: clearedAt, ...rest } of due.slice(0, atOnce)) {
      if (signal.aborted) break;
      const cleared = rest.phase === 'cleared' ? (clearedAt?.toISOString() ?? null) : null;
      const message = { ...rest, id: alertId, raisedAt: raisedAt.toISOString(), clearedAt: cleared };
      await deliver(output, id, message, signal);
      told.push(alertId);
    }
    return told;
  };
  let running: Promise<readonly number[]> | undefined;
  const drainAll = async (signal: AbortSignal): Promise<readonly number[]> => {
    // A slow output holds up itself only.
    const all = await Promise.allSettled(outputs.map((output) => drain(output, signal)));
    return all.flatMap((each) => {
      if (each.status === 'fulfilled') return each.value;
      deps.logger.warn('alerts.dispatch-failed', { message: errorMessage(each.reason) });
      return [];
    });
  };
  return {
    step: (signal) => (running ??= drainAll(signal).finally(() => (running = undefined))),
    test: (signal) => Promise.all(outputs.map((output) => tryOut(output, signal, deps.epochMs()))),
  };
}

async function tryOut(output: AlertOutput, signal: AbortSignal, nowMs: number): Promise<AlertOutputTestView> {
  const raisedAt = new Date(nowMs).toISOString();
  const facts = { phase: 'test', id: 0, site: 'hub', device: 'hub', kind: 'test', severity: 'warning' } as const;
  const text = 'If you read this, alerts of the fleet hub reach you here.';
  try {
    await output.send({ ...facts, text, raisedAt, clearedAt: null }, signal);
    return { output: output.name, state: 'sent', detail: '' };
  } catch (error) {
    return { output: output.name, state: 'failed', detail: errorMessage(error) };
  }
}
