import {
  deviceStatusSchema,
  errorCode,
  errorMessage,
  fleetTopic,
  parseFleetJson,
  parseFleetTopic,
} from '@edge-blueprints/contracts';
import type { Clock, DeviceIdentity, Logger, Random } from '@edge-blueprints/contracts';
import type { SqlStore } from '../store/sql-store.js';
import { acksOf } from './acknowledge.js';
import type { DeviceAck } from './acknowledge.js';
import type { CommitGroupDeps, IngestGroup } from './commit-group.js';
import { commitOrSplit } from './commit-or-split.js';
import { decodeBatch } from './decode-batch.js';
import type { DecodedBatch } from './decode-batch.js';
import { createIngestQueue } from './ingest-queue.js';
import { createRate } from './ingest-stats.js';
import type { IngestStats } from './ingest-stats.js';
import type { QuarantinedItem } from './quarantine.js';
import { createSeriesNumbers } from './series-numbers.js';

export interface IngestWorkerOptions {
  readonly limits: CommitGroupDeps['limits'];
  readonly maxSeries: number;
  /** Bound of what waits for its commit. */
  readonly queueBytes: number;
  /** Payload bytes of one transaction. */
  readonly groupBytes: number;
}

export interface IngestDeps {
  readonly store: SqlStore;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly appendAudit: CommitGroupDeps['appendAudit'];
  /** Messages of such a device are neither read nor acknowledged. */
  readonly isRevoked: (identity: DeviceIdentity) => boolean;
  /** @throws when the broker is not there; the device sends again, and is answered then */
  readonly publish: (topic: string, payload: Uint8Array) => Promise<void>;
  readonly brokerState: () => string;
  readonly wait: (delayMs: number, signal: AbortSignal) => Promise<void>;
  /** How long a commit took, seconds. */
  readonly onCommit?: (seconds: number) => void;
}

/** Takes messages of devices in: commits first, acknowledges then. */
export interface IngestWorker {
  /** Resolves as soon as the message has a place in the queue. That is the time for the broker's PUBACK, and no promise to anyone. */
  handle(topic: string, payload: Uint8Array, retained: boolean): Promise<void>;
  stats(): IngestStats;
  /** Commits what waits, unless the store is away. */
  close(): Promise<void>;
}

type Waiting =
  | { readonly kind: 'batch'; readonly batch: DecodedBatch }
  | { readonly kind: 'status'; readonly status: IngestGroup['statuses'][number] }
  | { readonly kind: 'payload'; readonly payload: QuarantinedItem };

const retryMs = { first: 100, most: 5_000 };
const closeWithinTries = 3;
/** Payloads that were no batch, of which the raw bytes are kept; more in one group are only counted. */
const keptPayloads = 20;

export function createIngestWorker(options: IngestWorkerOptions, deps: IngestDeps): IngestWorker {
  const { clock, log, store } = deps;
  const queue = createIngestQueue<Waiting>({ bytes: options.queueBytes, messages: 20_000 });
  const series = createSeriesNumbers(options.maxSeries);
  const rate = createRate(clock.monotonicMs);
  const stop = new AbortController();
  const commitDeps: CommitGroupDeps = { limits: options.limits, series, appendAudit: deps.appendAudit };
  const quarantined: Record<string, number> = {};
  const batchesRefused: Record<string, number> = {};
  const tally = { events: 0, duplicates: 0, commits: 0, lateDeaths: 0, storeRetries: 0 };
  const messages = { acksSent: 0, acksFailed: 0, revokedIgnored: 0, messagesIgnored: 0 };
  const count = (counts: Record<string, number>, code: string): void => void (counts[code] = (counts[code] ?? 0) + 1);

  const read = (topic: string, payload: Uint8Array, retained: boolean): Waiting | undefined => {
    const identity = parseFleetTopic(topic);
    if (identity === undefined || identity.channel === 'ack') {
      messages.messagesIgnored += 1;
      return undefined;
    }
    const { site, device, channel } = identity;
    if (deps.isRevoked({ site, device })) {
      messages.revokedIgnored += 1;
      return undefined;
    }
    const atMs = clock.epochMs();
    if (channel === 'status') {
      const parsed = parseFleetJson(deviceStatusSchema, payload);
      if (!parsed.ok) {
        messages.messagesIgnored += 1;
        return undefined;
      }
      return {
        kind: 'status',
        status: { identity: { site, device }, status: parsed.value, retained, receivedAtMs: atMs },
      };
    }
    const decoded = decodeBatch({ site, device }, payload, atMs);
    if (decoded.ok) return { kind: 'batch', batch: decoded.batch };
    count(batchesRefused, decoded.code);
    const { code, problem } = decoded;
    return {
      kind: 'payload',
      payload: { identity: { site, device }, atMs, number: null, code, problem, raw: payload.slice(0, 16_384) },
    };
  };

  const acknowledge = async ({ identity, ack }: DeviceAck): Promise<void> => {
    try {
      await deps.publish(fleetTopic(identity, 'ack'), new TextEncoder().encode(JSON.stringify(ack)));
      messages.acksSent += 1;
    } catch (error) {
      messages.acksFailed += 1;
      log.debug('ingest.ack-failed', { ...identity, message: errorMessage(error) });
    }
  };

  const commit = async (group: IngestGroup) => {
    for (let tries = 1; ; tries++) {
      try {
        const beganMs = clock.monotonicMs();
        const done = await commitOrSplit(store, group, clock.epochMs(), commitDeps);
        deps.onCommit?.((clock.monotonicMs() - beganMs) / 1_000);
        return done;
      } catch (error) {
        tally.storeRetries += 1;
        log.warn('ingest.commit-failed', { tries, code: errorCode(error), message: errorMessage(error) });
        if (stop.signal.aborted && tries >= closeWithinTries) return undefined;
        const most = Math.min(retryMs.most, retryMs.first * 2 ** tries);
        await deps.wait(most * (0.5 + deps.random.next() / 2), stop.signal);
      }
    }
  };

  const run = async (): Promise<void> => {
    let acks: Promise<unknown> = Promise.resolve();
    for (;;) {
      const taken = await queue.take(options.groupBytes);
      if (taken.length === 0) break;
      const group = groupOf(taken);
      const done = await commit(group);
      if (done === undefined) break;
      tally.events += done.taken;
      tally.duplicates += done.duplicates;
      tally.lateDeaths += done.lateDeaths;
      tally.commits += 1;
      rate.add(done.taken);
      for (const code of done.setAside) count(quarantined, code);
      // One round of acknowledgements may be under way while the next group is written.
      await acks;
      acks = Promise.all(done.batches.flatMap(acksOf).map(acknowledge));
    }
    await acks;
  };
  const running = run();
  running.catch((error: unknown) => log.error('ingest.ended', { message: errorMessage(error) }));

  return {
    async handle(topic, payload, retained) {
      const waiting = read(topic, payload, retained);
      if (waiting !== undefined) await queue.put(waiting, payload.byteLength + 256);
    },
    stats: () => {
      const { messages: queuedMessages, bytes: queuedBytes, heldBack } = queue.stats();
      return {
        ...tally,
        ...messages,
        quarantined: { ...quarantined },
        batchesRefused: { ...batchesRefused },
        seriesRefused: series.refused,
        queuedMessages,
        queuedBytes,
        heldBack,
        eventsPerSecond: rate.perSecond(),
        broker: deps.brokerState(),
      };
    },
    close: async () => {
      queue.close();
      stop.abort();
      await running;
    },
  };
}

function groupOf(taken: readonly Waiting[]): IngestGroup {
  const payloads = taken.flatMap((each) => (each.kind === 'payload' ? [each.payload] : []));
  return {
    batches: taken.flatMap((each) => (each.kind === 'batch' ? [each.batch] : [])),
    statuses: taken.flatMap((each) => (each.kind === 'status' ? [each.status] : [])),
    payloads: payloads.slice(0, keptPayloads),
  };
}
