import { errorCode, errorMessage, type EdgeError } from '@edge-blueprints/contracts';
import type { AppendResult, Instant } from './outbox-ledger.js';
import type { OutboxInput } from './outbox-port.js';

/** Groups that wait for a disk that refuses; beyond, the oldest metric events are dropped. */
const mostGroups = 4;

interface Waiting {
  readonly event: OutboxInput;
  readonly settle: (result: AppendResult | { readonly failure: unknown }) => void;
}

/**
 * Gathers appends into commits. Critical and business events are answered after their commit; metric events at once, and
 * committed with the next group.
 */
export function createOutboxGroups(options: {
  readonly groupEvents: number;
  readonly append: (events: readonly OutboxInput[], now: Instant) => readonly AppendResult[];
  readonly onDropped: (count: number) => void;
}) {
  let waiting: Waiting[] = [];
  let metrics: OutboxInput[] = [];

  const commit = (now: Instant): void => {
    const [durable, grouped] = [waiting, metrics];
    if (durable.length + grouped.length === 0) return;
    waiting = [];
    let results: readonly AppendResult[];
    try {
      results = options.append([...durable.map(({ event }) => event), ...grouped], now);
      metrics = [];
    } catch (failure) {
      const most = mostGroups * options.groupEvents;
      if (grouped.length > most) options.onDropped(grouped.length - most);
      metrics = grouped.slice(-most);
      for (const { settle } of durable) settle({ failure });
      return;
    }
    durable.forEach(({ settle }, i) => {
      const result = results[i];
      if (result) settle(result);
    });
  };

  return {
    /** @returns true when the group of metrics is full and should be committed now */
    add(event: OutboxInput, settle: Waiting['settle']): boolean {
      if (event.deliveryClass !== 'metric') {
        waiting.push({ event, settle });
        return false;
      }
      metrics.push(event);
      settle({ sequence: null });
      return metrics.length % options.groupEvents === 0;
    },
    hasMetrics: (): boolean => metrics.length > 0,
    commit,
    /** At the end: what could not be committed is counted. */
    finish(now: Instant): void {
      commit(now);
      options.onDropped(metrics.length);
      metrics = [];
    },
  };
}

/** An error as it crosses threads. */
export function failureOf(error: unknown): { code: string; retry: EdgeError['retry']; message: string } {
  const retry = error instanceof Object && 'retry' in error ? error.retry : 'safe';
  return {
    code: errorCode(error),
    retry: retry === 'never' || retry === 'ambiguous' ? retry : 'safe',
    message: errorMessage(error),
  };
}
