import { createRandom } from '@edge-blueprints/contracts';
import { createLatencyHistogram, type LatencyHistogram } from '@edge-blueprints/pipeline';
import { createVirtualSite } from '@edge-blueprints/telemetry';
import { createVirtualMember, type VirtualMember } from './virtual-member.js';

export interface VirtualFleetOptions {
  readonly devices: number;
  /** Number of the first device. */
  readonly from: number;
  /** Virtual time with faults. */
  readonly hours: number;
  /** Then all is mended, and by the end of these everything must be complete. */
  readonly healHours: number;
  readonly seed: number;
  /** Every device reports so often. */
  readonly reportMinutes: number;
}

/** Counts over all devices. */
export interface VirtualFleetResult {
  readonly devices: number;
  readonly virtualHours: number;
  readonly events: number;
  /** Committed by the hub, each once. */
  readonly delivered: number;
  readonly duplicatesAtHub: number;
  readonly batches: number;
  readonly resent: number;
  readonly connects: number;
  readonly faults: Readonly<Record<string, number>>;
  /** In virtual time, which knows no load: what it says is how the protocol waits, not how fast anything is. */
  readonly ackLatency: LatencyHistogram;
  /** The rest must be 0. */
  readonly pending: number;
  /** Numbers in none, or in two, of waiting, delivered and declared. */
  readonly unexplained: number;
  readonly deletedTooEarly: number;
  readonly incompleteAtHub: number;
}

export const isComplete = (result: VirtualFleetResult): boolean =>
  result.pending + result.unexplained + result.deletedTooEarly + result.incompleteAtHub === 0 &&
  result.delivered === result.events;

/** Counts of two groups of devices, over the same hours. */
export function addResults(a: VirtualFleetResult, b: VirtualFleetResult): VirtualFleetResult {
  a.ackLatency.merge(b.ackLatency);
  return {
    devices: a.devices + b.devices,
    virtualHours: a.virtualHours,
    events: a.events + b.events,
    delivered: a.delivered + b.delivered,
    duplicatesAtHub: a.duplicatesAtHub + b.duplicatesAtHub,
    batches: a.batches + b.batches,
    resent: a.resent + b.resent,
    connects: a.connects + b.connects,
    faults: Object.fromEntries(Object.entries(a.faults).map(([name, count]) => [name, count + (b.faults[name] ?? 0)])),
    ackLatency: a.ackLatency,
    pending: a.pending + b.pending,
    unexplained: a.unexplained + b.unexplained,
    deletedTooEarly: a.deletedTooEarly + b.deletedTooEarly,
    incompleteAtHub: a.incompleteAtHub + b.incompleteAtHub,
  };
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Of one device in one hour. */
const chances = { cut: 0.02, blackhole: 0.005, powerCut: 0.003, clockStep: 0.002 } as const;

/**
 * A fleet in virtual time: the uplink and the outbox rules of real devices on a network, a broker and a hub with seeded
 * faults. The broker restarts and forgets, the hub is away for a quarter of an hour, batches and acknowledgements get lost, late or double.
 */
export async function runVirtualFleet(
  options: VirtualFleetOptions,
  progress: (hour: number, delivered: number) => void = () => undefined,
): Promise<VirtualFleetResult> {
  const { devices, from, hours, healHours, seed } = options;
  const random = createRandom(seed + from);
  const site = createVirtualSite({ seed: seed + from, check: false, grainMs: 100 });
  const { time, broker, ingest } = site;
  const ackLatency = createLatencyHistogram();
  const faults = { cut: 0, blackhole: 0, powerCut: 0, clockStep: 0, brokerRestart: 0, hubAway: 0 };
  let deletedTooEarly = 0;
  let faulty = true;

  const report = (member: VirtualMember): void => {
    if (!faulty) return;
    member.report();
    time.schedule(options.reportMinutes * minuteMs, () => report(member));
  };
  const outage = (member: VirtualMember, way: 'cut' | 'blackhole'): void => {
    faults[way] += 1;
    broker.setWay(member.name, way);
    // Mostly minutes, some hours.
    time.schedule(-Math.log(1 - member.random.next()) * 40 * minuteMs, () => broker.setWay(member.name, 'up'));
  };
  const misfortune = (member: VirtualMember): void => {
    if (!faulty) return;
    time.schedule(hourMs, () => misfortune(member));
    const lot = member.random.next();
    const { cut, blackhole, powerCut, clockStep } = chances;
    if (lot < cut) outage(member, 'cut');
    else if (lot < cut + blackhole) outage(member, 'blackhole');
    else if (lot < cut + blackhole + powerCut) {
      faults.powerCut += 1;
      member.powerCut();
    } else if (lot < cut + blackhole + powerCut + clockStep) {
      faults.clockStep += 1;
      member.stepClock((member.random.next() - 0.5) * 20 * 365 * 24 * hourMs);
    }
  };
  const members = Array.from({ length: devices }, (_, index) =>
    createVirtualMember({
      index: from + index,
      seed,
      site,
      ackLatency,
      onDeleted: ({ name, epoch }, ranges) => {
        if (!ingest.has(name, epoch, ranges)) deletedTooEarly += 1;
      },
    }),
  );
  for (const member of members) {
    time.schedule(member.random.next() * options.reportMinutes * minuteMs, () => report(member));
    time.schedule(member.random.next() * hourMs, () => misfortune(member));
  }
  Object.assign(site.faults, { batchLost: 0.005, ackLost: 0.005, ackTwice: 0.01, ackLateMs: 2_000 });
  for (let hour = 1; hour <= hours; hour++) {
    if (hour % 8 === 3) {
      faults.brokerRestart += 1;
      broker.setUp(false);
      await time.advance(random.next() * 10 * minuteMs);
      broker.setUp(true);
    }
    if (hour % 12 === 6) {
      faults.hubAway += 1;
      site.faults.up = false;
      await time.advance(15 * minuteMs);
      site.faults.up = true;
    }
    await time.advance(hour * hourMs - time.clock.monotonicMs());
    progress(hour, ingest.events());
  }
  faulty = false;
  Object.assign(site.faults, { up: true, batchLost: 0, ackLost: 0, ackTwice: 0, ackLateMs: 0 });
  for (const { name } of members) broker.setWay(name, 'up');
  await time.advance(healHours * hourMs);

  const sum = { events: 0, batches: 0, resent: 0, pending: 0, unexplained: 0, incompleteAtHub: 0 };
  for (const member of members) {
    const { highest, pending, missing, twice } = await member.outbox.contiguity();
    const stream = ingest.stream(member.name, member.epoch);
    const { batchesSent, eventsResent } = member.counts();
    sum.events += highest;
    sum.pending += pending;
    sum.unexplained += missing + twice;
    sum.batches += batchesSent;
    sum.resent += eventsResent;
    if (stream.missing > 0 || stream.highest !== highest) sum.incompleteAtHub += 1;
  }
  return {
    devices,
    virtualHours: hours + healHours,
    ...sum,
    delivered: ingest.events(),
    duplicatesAtHub: ingest.duplicates(),
    connects: broker.connects(),
    faults,
    ackLatency,
    deletedTooEarly,
  };
}
