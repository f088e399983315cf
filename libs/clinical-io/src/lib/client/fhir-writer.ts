import type { Random } from '@edge-blueprints/contracts';
import { maxBundleEntries } from '../resources/transaction.js';
import type { FhirConnection, SendOutcome } from './fhir-connection.js';
import type { FhirQueue, QueuedResource } from './fhir-queue.js';

export interface FhirWriterStatus {
  readonly state: 'idle' | 'sending' | 'waiting';
  readonly depth: number;
  readonly written: number;
  readonly quarantined: number;
  /** Bundles sent again because the server or the way failed. */
  readonly retries: number;
  /** Failures since the last bundle that arrived. */
  readonly failuresInARow: number;
  readonly lastProblem?: string;
}

export interface FhirWriter {
  /** Drains the queue until the signal aborts; resolves then. */
  run(signal: AbortSignal): Promise<void>;
  /** There is something new: do not wait for the next look. */
  wake(): void;
  status(): FhirWriterStatus;
}

export interface FhirWriterParts {
  readonly queue: FhirQueue;
  readonly connection: FhirConnection;
  readonly random: Random;
  /** Rejects or resolves early when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** A poisonous resource was set aside: the ward audits it and tells somebody. */
  readonly onQuarantine?: (entry: QueuedResource, reason: string) => void;
}

export interface FhirWriterLimits {
  /** 50 by default: some servers take no more updates in one transaction. At most 100. */
  readonly bundleEntries: number;
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
  /** Looks at the queue this often even when nobody wakes it. */
  readonly idleMs: number;
}
export const defaultFhirWriterLimits: FhirWriterLimits = {
  bundleEntries: 50,
  firstRetryMs: 500,
  maxRetryMs: 60_000,
  idleMs: 1_000,
};

/**
 * Sends the queue in its order, one bundle at a time. What fails for the server's or the network's sake is sent again with capped,
 * jittered backoff, for as long as it takes; a bundle that is refused for its content is halved until the one resource is found,
 * which goes to quarantine while the rest goes on. One resource never overtakes an older version of itself.
 */
export function createFhirWriter(
  parts: FhirWriterParts,
  limits: FhirWriterLimits = defaultFhirWriterLimits,
): FhirWriter {
  const { queue, connection } = parts;
  let state: FhirWriterStatus['state'] = 'idle';
  let written = 0;
  let quarantined = 0;
  let retries = 0;
  let failuresInARow = 0;
  let lastProblem: string | undefined;
  let nudge = new AbortController();

  /** Sleeps until the time is over, `wake` is called (when it may), or the signal aborts. */
  const pause = async (ms: number, signal: AbortSignal, wakeable: boolean): Promise<void> => {
    const either = wakeable ? AbortSignal.any([signal, nudge.signal]) : signal;
    await parts.sleep(ms, either).catch(() => undefined);
    if (nudge.signal.aborted) nudge = new AbortController();
  };

  /** One bundle until the server has taken it or found it wrong. @returns undefined when aborted */
  const deliver = async (entries: readonly QueuedResource[], signal: AbortSignal): Promise<SendOutcome | undefined> => {
    const resources = entries.map(({ resource }) => resource);
    for (;;) {
      if (signal.aborted) return undefined;
      state = 'sending';
      const outcome = await connection.send(resources, signal).catch((): undefined => undefined);
      if (outcome === undefined || outcome.kind !== 'later') {
        if (outcome !== undefined) failuresInARow = 0;
        return outcome;
      }
      failuresInARow++;
      retries++;
      lastProblem = outcome.reason;
      state = 'waiting';
      const ceiling = Math.min(limits.maxRetryMs, limits.firstRetryMs * 2 ** Math.min(20, failuresInARow - 1));
      // Half fixed and half by chance: not before half the time, and not all gateways at once.
      await pause(ceiling * (0.5 + 0.5 * parts.random.next()), signal, false);
    }
  };

  /** @returns false when aborted */
  const settle = async (entries: readonly QueuedResource[], signal: AbortSignal): Promise<boolean> => {
    const outcome = await deliver(entries, signal);
    if (outcome === undefined) return false;
    if (outcome.kind === 'written') {
      await queue.done(entries.map(({ sequence }) => sequence));
      written += entries.length;
      return true;
    }
    const [only, ...others] = entries;
    lastProblem = outcome.reason;
    if (only !== undefined && others.length === 0) {
      await queue.quarantine(only, outcome.reason);
      quarantined++;
      parts.onQuarantine?.(only, outcome.reason);
      return true;
    }
    const half = Math.ceil(entries.length / 2);
    return (await settle(entries.slice(0, half), signal)) && (await settle(entries.slice(half), signal));
  };

  return {
    run: async (signal) => {
      while (!signal.aborted) {
        const waiting = await queue.peek(Math.min(limits.bundleEntries, maxBundleEntries));
        const bundle = untilRepeat(waiting);
        if (bundle.length > 0) {
          if (!(await settle(bundle, signal))) break;
          continue;
        }
        state = 'idle';
        await pause(limits.idleMs, signal, true);
      }
      state = 'idle';
    },
    wake: () => {
      nudge.abort();
    },
    status: () => ({
      state,
      depth: queue.depth(),
      written,
      quarantined,
      retries,
      failuresInARow,
      ...(lastProblem === undefined ? {} : { lastProblem }),
    }),
  };
}

/** The entries before a resource comes a second time: a transaction may hold each once. */
function untilRepeat(entries: readonly QueuedResource[]): readonly QueuedResource[] {
  const seen = new Set<string>();
  const repeat = entries.findIndex(({ resource }) => {
    const name = `${resource.resourceType}/${resource.id}`;
    const known = seen.has(name);
    seen.add(name);
    return known;
  });
  return repeat < 0 ? entries : entries.slice(0, repeat);
}
