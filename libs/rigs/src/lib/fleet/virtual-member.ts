import { createRandom, identityName, type Clock, type Random, type SequenceRange } from '@edge-blueprints/contracts';
import type { LatencyHistogram } from '@edge-blueprints/pipeline';
import {
  createMemoryOutbox,
  createVirtualDevice,
  type Outbox,
  type UplinkStats,
  type VirtualDevice,
  type VirtualSite,
} from '@edge-blueprints/telemetry';
import { deviceCharacter } from './device-character.js';

/** A device of the virtual fleet, and what happens to it. */
export interface VirtualMember {
  readonly name: string;
  readonly epoch: string;
  readonly random: Random;
  readonly outbox: Outbox;
  report(): void;
  /** The process ends without a word and starts again; the outbox is all that it finds. */
  powerCut(): void;
  stepClock(ms: number): void;
  /** Counters of all its processes. */
  counts(): Pick<UplinkStats, 'batchesSent' | 'eventsResent'>;
}

const hex16 = (random: Random): string =>
  Math.floor(random.next() * 2 ** 48)
    .toString(16)
    .padStart(16, '0');

/** @param onDeleted is told what leaves the outbox as delivered */
export function createVirtualMember(options: {
  readonly index: number;
  readonly seed: number;
  readonly site: VirtualSite;
  readonly ackLatency: LatencyHistogram;
  readonly onDeleted: (member: VirtualMember, ranges: readonly SequenceRange[]) => void;
}): VirtualMember {
  const { index, seed, site, ackLatency, onDeleted } = options;
  const { time, broker } = site;
  const character = deviceCharacter(index, 50, seed);
  const name = identityName(character.identity);
  const random = createRandom(seed).fork(name);
  let skewMs = character.clockSkewMs;
  const clock: Clock = { monotonicMs: time.clock.monotonicMs, epochMs: () => time.clock.epochMs() + skewMs };
  const epoch = hex16(random);
  const stored = createMemoryOutbox({
    clock,
    boot: hex16(random),
    newEpoch: epoch,
    maxBytes: 2_000_000,
    criticalBytes: 500_000,
    maxAgeMs: 30 * 86_400_000,
  });
  const outbox: Outbox = {
    ...stored,
    async acknowledge(of, accepted) {
      onDeleted(member, accepted);
      await stored.acknowledge(of, accepted);
    },
  };
  const past = { batchesSent: 0, eventsResent: 0 };
  let starts = 0;
  const boot = (): VirtualDevice => {
    const mine = random.integer(0, 2 ** 31) + (starts += 1);
    return createVirtualDevice({ name, seed: mine, time, broker, clock, outbox, epoch, ackLatency });
  };
  let device = boot();
  let reports = 0;
  const member: VirtualMember = {
    name,
    epoch,
    random,
    outbox,
    report() {
      reports += 1;
      void device.append({
        type: 'edge-blueprints.audit.v1',
        deliveryClass: reports % 10 === 0 ? 'critical' : reports % 2 === 0 ? 'metric' : 'business',
        data: { who: 'device', action: 'report', target: `${reports}`, reason: '' },
      });
    },
    powerCut() {
      const { batchesSent, eventsResent } = device.uplink.stats();
      past.batchesSent += batchesSent;
      past.eventsResent += eventsResent;
      broker.setWay(name, 'cut');
      // Cut off before, so that it can say nothing any more.
      void device.uplink.close();
      device = boot();
      broker.setWay(name, 'up');
    },
    stepClock: (ms) => void (skewMs += ms),
    counts() {
      const { batchesSent, eventsResent } = device.uplink.stats();
      return { batchesSent: past.batchesSent + batchesSent, eventsResent: past.eventsResent + eventsResent };
    },
  };
  return member;
}
