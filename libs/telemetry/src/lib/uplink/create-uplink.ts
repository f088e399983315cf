import {
  errorCode,
  errorMessage,
  fleetTopic,
  type Clock,
  type DeviceIdentity,
  type DeviceStatus,
  type Logger,
  type Random,
} from '@edge-blueprints/contracts';
import { createLatencyHistogram, type LatencyHistogram } from '@edge-blueprints/pipeline';
import type { Outbox } from '../outbox/outbox-port.js';
import { createBatchSender } from './batch-sender.js';
import type { MqttHandlers, MqttLink } from './mqtt-port.js';
import { systemSchedule, type Schedule } from './schedule.js';
import { uplinkLimits, type UplinkLimits } from './uplink-limits.js';
import type { Uplink } from './uplink-port.js';

export interface UplinkOptions {
  readonly identity: DeviceIdentity;
  /** Random name of this process start, the one that the outbox stamps on events. */
  readonly boot: string;
  /** Monotonic clock at the process start, the zero of `uptimems`. */
  readonly bootMonotonicMs: number;
  readonly outbox: Outbox;
  /** Called once; the connection may come at any time after it has returned. */
  readonly connect: (handlers: MqttHandlers) => MqttLink;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly schedule?: Schedule;
  readonly limits?: Partial<UplinkLimits>;
  /** Shared by many uplinks of one process where their latencies are looked at together. */
  readonly ackLatency?: LatencyHistogram;
}

/** The status message of a device, as payload of the birth, of an orderly leave and of the Last Will. */
export function statusPayload(online: boolean, boot: string, clock: Clock): Uint8Array {
  const status: DeviceStatus = { online, boot, time: new Date(clock.epochMs()).toISOString() };
  return Buffer.from(JSON.stringify(status));
}

/**
 * The device side of the wire: a retained birth on each connection, then what waits in the outbox, alarms and the newest
 * first. An event leaves the outbox when the hub's application acknowledgement covers it, never by the broker's PUBACK.
 */
export function createUplink(options: UplinkOptions): Uplink {
  const { identity, boot, clock, log } = options;
  const schedule = options.schedule ?? systemSchedule;
  const limits = { ...uplinkLimits, ...options.limits };
  const topic = {
    tlm: fleetTopic(identity, 'tlm'),
    ack: fleetTopic(identity, 'ack'),
    status: fleetTopic(identity, 'status'),
  };
  const ackLatency = options.ackLatency ?? createLatencyHistogram();
  let session = 0;
  let closed = false;
  let cancelRetry: () => void = () => undefined;
  const sender = createBatchSender({
    identity,
    outbox: options.outbox,
    publish: (payload) => link.publish(topic.tlm, payload, { retain: false }),
    clock,
    bootMonotonicMs: options.bootMonotonicMs,
    random: options.random,
    log,
    schedule,
    limits,
    ackLatency,
  });

  const begin = async (): Promise<void> => {
    const mine = (session += 1);
    try {
      await link.subscribe(topic.ack);
      await link.publish(topic.status, statusPayload(true, boot, clock), { retain: true });
      if (session === mine && !closed) sender.start();
    } catch (error) {
      if (session !== mine || closed) return;
      log.warn('uplink.birth-failed', { code: errorCode(error), reason: errorMessage(error) });
      cancelRetry = schedule(limits.retryMs, () => void (link.connected() && session === mine && begin()));
    }
  };
  const link = options.connect({
    onConnect: () => void begin(),
    onDisconnect() {
      session += 1;
      cancelRetry();
      sender.stop();
    },
    onMessage: (from, payload) => (from === topic.ack ? sender.acknowledge(payload) : undefined),
  });
  const leave = async (): Promise<void> => {
    if (!link.connected()) return;
    let cancel: () => void = () => undefined;
    const tooLong = new Promise<void>((resolve) => (cancel = schedule(2_000, resolve)));
    const told = link
      .publish(topic.status, statusPayload(false, boot, clock), { retain: true })
      // The Last Will says the same.
      .catch((error: unknown) => log.debug('uplink.leave-failed', { reason: errorMessage(error) }));
    await Promise.race([told, tooLong]);
    cancel();
  };
  return {
    nudge: sender.nudge,
    connectNow: () => link.nudge(),
    stats() {
      const stats = link.stats();
      const state = closed
        ? 'closed'
        : stats.state !== 'connected'
          ? 'offline'
          : sender.waiting() > limits.firstBatchEvents
            ? 'draining'
            : 'current';
      return {
        ...sender.stats(),
        link: stats,
        state,
        // Read when asked for: it costs more than all the rest, and a process may hold thousands of uplinks.
        get ackLatency() {
          return ackLatency.snapshot();
        },
      };
    },
    async close() {
      if (closed) return;
      closed = true;
      session += 1;
      cancelRetry();
      sender.stop();
      await leave();
      await link.close();
    },
  };
}
