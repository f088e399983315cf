import {
  createRandom,
  parseIdentityName,
  silentLogger,
  UsageError,
  type Clock,
  type Logger,
} from '@edge-blueprints/contracts';
import type { LatencyHistogram } from '@edge-blueprints/pipeline';
import { createMemoryOutbox } from '../../outbox/memory-outbox.js';
import type { Outbox, OutboxInput } from '../../outbox/outbox-port.js';
import { createUplink } from '../create-uplink.js';
import type { UplinkLimits } from '../uplink-limits.js';
import type { Uplink } from '../uplink-port.js';
import type { VirtualBroker } from './virtual-broker.js';
import type { VirtualTime } from './virtual-time.js';

export interface VirtualDevice {
  readonly name: string;
  readonly epoch: string;
  readonly outbox: Outbox;
  readonly uplink: Uplink;
  append(event: Pick<OutboxInput, 'type' | 'deliveryClass' | 'data'>): Promise<number | null>;
}

export interface VirtualDeviceOptions {
  /** `{site}.{device}` */
  readonly name: string;
  readonly seed: number;
  readonly time: VirtualTime;
  readonly broker: VirtualBroker;
  /** The device's own clocks where they are not the world's. */
  readonly clock?: Clock;
  readonly maxBytes?: number;
  readonly limits?: Partial<UplinkLimits>;
  /** After a power cut: the same file, another process. */
  readonly outbox?: Outbox;
  readonly epoch?: string;
  readonly log?: Logger;
  readonly ackLatency?: LatencyHistogram;
}

const hex16 = (n: number): string =>
  Math.floor(n * 2 ** 48)
    .toString(16)
    .padStart(16, '0');

/** One device of a simulation: the real uplink and the rules of the real outbox, on a virtual network. */
export function createVirtualDevice(options: VirtualDeviceOptions): VirtualDevice {
  const { name, time } = options;
  const identity = parseIdentityName(name);
  if (!identity) throw new UsageError('fleet.identity', `${name} is not {site}.{device}`);
  const random = createRandom(options.seed);
  const boot = hex16(random.next());
  const epoch = options.epoch ?? hex16(random.next());
  const clock = options.clock ?? time.clock;
  const startedMs = clock.monotonicMs();
  const maxBytes = options.maxBytes ?? 50_000_000;
  const outbox =
    options.outbox ??
    createMemoryOutbox({
      clock,
      boot,
      newEpoch: epoch,
      maxBytes,
      criticalBytes: Math.min(1_000_000, maxBytes / 4),
      maxAgeMs: 30 * 86_400_000,
    });
  const uplink = createUplink({
    identity,
    boot,
    bootMonotonicMs: startedMs,
    outbox,
    connect: options.broker.connect(name, random.fork('link')),
    clock,
    random: random.fork('uplink'),
    log: options.log ?? silentLogger,
    schedule: time.schedule,
    ...(options.limits ? { limits: options.limits } : {}),
    ...(options.ackLatency ? { ackLatency: options.ackLatency } : {}),
  });
  return {
    name,
    epoch,
    outbox,
    uplink,
    async append(event) {
      const uptimeMs = clock.monotonicMs() - startedMs;
      const { sequence } = await outbox.append({
        ...event,
        simulated: true,
        epochMs: clock.epochMs(),
        uptimeMs,
      });
      uplink.nudge(event.deliveryClass);
      return sequence;
    },
  };
}
