import {
  createRandom,
  fleetTopic,
  parseIdentityName,
  type Acknowledgement,
  type Random,
} from '@edge-blueprints/contracts';
import { createReferenceIngest, type ReferenceIngest } from './reference-ingest.js';
import { createVirtualBroker, type VirtualBroker } from './virtual-broker.js';
import { createVirtualTime, type VirtualTime } from './virtual-time.js';

/** What the ingest does to a batch and its acknowledgement. Chances are 0 to 1. */
export interface IngestFaults {
  /** False: the broker acknowledges, nobody is behind it. */
  up: boolean;
  commitMs: number;
  batchLost: number;
  /** Crash between commit and acknowledgement. */
  ackLost: number;
  ackTwice: number;
  /** The acknowledgement comes so much later, which puts it behind younger ones. */
  ackLateMs: number;
  /** Batches with one of these numbers vanish without an answer, as if no batch could be read. */
  poison: ReadonlySet<number>;
}

export interface VirtualSite {
  readonly time: VirtualTime;
  readonly broker: VirtualBroker;
  readonly ingest: ReferenceIngest;
  readonly faults: IngestFaults;
  /** Every batch that reached the ingest: when, of whom, which numbers. */
  readonly log: { readonly atMs: number; readonly from: string; readonly numbers: readonly number[] }[];
}

export const perfectIngest: IngestFaults = {
  up: true,
  commitMs: 5,
  batchLost: 0,
  ackLost: 0,
  ackTwice: 0,
  ackLateMs: 0,
  poison: new Set(),
};

/** A network, a broker and a hub with faults by the dozen, all in virtual time. */
export function createVirtualSite(options: {
  readonly seed: number;
  readonly check?: boolean;
  readonly keepLog?: boolean;
  readonly grainMs?: number;
  readonly refuse?: (from: string, sequence: number) => string | undefined;
}): VirtualSite {
  const random: Random = createRandom(options.seed);
  const time = createVirtualTime({
    epochMs: Date.UTC(2026, 0, 1),
    ...(options.grainMs === undefined ? {} : { grainMs: options.grainMs }),
  });
  const faults: IngestFaults = { ...perfectIngest };
  const ingest = createReferenceIngest({
    check: options.check ?? true,
    ...(options.refuse ? { refuse: options.refuse } : {}),
  });
  const log: { atMs: number; from: string; numbers: readonly number[] }[] = [];
  const answer = (from: string, ack: Acknowledgement): void => {
    if (!faults.up || random.next() < faults.ackLost) return;
    const identity = parseIdentityName(from);
    if (!identity) return;
    const payload = Buffer.from(JSON.stringify(ack));
    const send = (): void => broker.send(from, fleetTopic(identity, 'ack'), payload);
    time.schedule(random.next() * faults.ackLateMs, send);
    if (random.next() < faults.ackTwice) time.schedule(random.next() * 2_000, send);
  };
  const broker = createVirtualBroker({
    time,
    latencyMs: 20,
    receive(from, _topic, payload) {
      if (!faults.up || random.next() < faults.batchLost) return;
      time.schedule(faults.commitMs, () => {
        if (!faults.up) return;
        const numbers =
          options.keepLog || faults.poison.size > 0
            ? [
                ...Buffer.from(payload)
                  .toString()
                  .matchAll(/"sequence":(\d+),"boot"/g),
              ].map((match) => Number(match[1]))
            : [];
        if (numbers.some((number) => faults.poison.has(number))) return;
        if (options.keepLog) log.push({ atMs: time.clock.monotonicMs(), from, numbers });
        const ack = ingest.take(from, payload);
        if (ack) answer(from, ack);
      });
    },
  });
  return { time, broker, ingest, faults, log };
}
