import { randomBytes } from 'node:crypto';
import {
  fleetTopic,
  identityName,
  type Clock,
  type DeliveryClass,
  type FleetEventData,
  type FleetEventType,
  type Logger,
  type Random,
  type UplinkView,
} from '@edge-blueprints/contracts';
import { openOutbox } from '../outbox/open-outbox.js';
import type { OutboxStats } from '../outbox/outbox-port.js';
import { createUplink, statusPayload } from './create-uplink.js';
import { connectMqtt } from './mqtt-link.js';
import { readTlsFiles } from './tls-files.js';
import type { UplinkConfig } from './uplink-config.js';
import type { UplinkStats } from './uplink-port.js';

export interface TelemetryEvent<T extends FleetEventType = FleetEventType> {
  readonly type: T;
  readonly deliveryClass: DeliveryClass;
  readonly data: FleetEventData<T>;
  /** When it happened; now unless given. */
  readonly epochMs?: number;
}

/** A station's way to its hub: durable first, sent when that is possible. */
export interface TelemetryUplink {
  /** Resolves when the event is stored as its class promises. @throws DeviceError `outbox.*`; nothing was stored then */
  append<T extends FleetEventType>(event: TelemetryEvent<T>): Promise<{ readonly sequence: number | null }>;
  /** For the page and for metrics. */
  stats(): Promise<{ readonly uplink: UplinkStats; readonly outbox: OutboxStats }>;
  view(): Promise<UplinkView>;
  /** Connects at once when it waits for its next try. */
  connectNow(): void;
  close(): Promise<void>;
}

export interface TelemetryUplinkDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Events of a demonstration or a rig; stands on every event. */
  readonly simulated: boolean;
  /** 16 hex digits, never the same twice; from the operating system unless given. */
  readonly newId?: () => string;
}

/**
 * Opens outbox, connection and uplink. The hub need not be there.
 * @throws ConfigError `mqtt.tls-file` when certificates are missing, `mqtt.url`. UsageError `outbox.limits`
 */
export async function openTelemetryUplink(config: UplinkConfig, deps: TelemetryUplinkDeps): Promise<TelemetryUplink> {
  const { clock, random, log, simulated } = deps;
  const newId = deps.newId ?? (() => randomBytes(8).toString('hex'));
  const { url, tls } = config;
  const identity = { site: config.site, device: config.device };
  if (tls) await readTlsFiles(tls);
  const boot = newId();
  const startedMs = clock.monotonicMs();
  const { file, maxBytes, criticalBytes, maxAgeDays, groupMs, groupEvents } = config.outbox;
  const outbox = openOutbox({
    file,
    maxBytes,
    criticalBytes,
    maxAgeMs: maxAgeDays * 86_400_000,
    groupMs,
    groupEvents,
    clock,
    startedMs,
    log,
    boot,
    newEpoch: newId(),
  });
  const uplink = createUplink({
    identity,
    boot,
    bootMonotonicMs: startedMs,
    outbox,
    connect: (handlers) =>
      connectMqtt(
        {
          url,
          tls,
          clientId: identityName(identity),
          will: { topic: fleetTopic(identity, 'status'), payload: statusPayload(false, boot, clock) },
          cleanSession: true,
          keepaliveSeconds: config.keepaliveSeconds,
        },
        handlers,
        { clock, random: random.fork('link'), log, limits: { reconnectCapMs: config.reconnectMaxMs } },
      ),
    clock,
    random: random.fork('uplink'),
    log,
    limits: { eventsPerSecond: config.eventsPerSecond, ackTimeoutMs: config.ackTimeoutMs },
  });
  const stats = async () => ({ uplink: uplink.stats(), outbox: await outbox.stats() });
  return {
    async append({ type, deliveryClass, data, epochMs }) {
      const now = clock.epochMs();
      const uptimeMs = clock.monotonicMs() - startedMs - (now - (epochMs ?? now));
      const result = await outbox.append({
        type,
        deliveryClass,
        data,
        simulated,
        epochMs: epochMs ?? now,
        uptimeMs: Math.max(0, uptimeMs),
      });
      uplink.nudge(deliveryClass);
      return result;
    },
    stats,
    connectNow: uplink.connectNow,
    async view() {
      const { uplink: sent, outbox: stored } = await stats();
      const { pending, bytes, oldestEpochMs, delivered, criticalFull } = stored;
      return {
        url,
        state: sent.link.state,
        pending,
        bytes,
        maxBytes,
        oldestAgeMs: oldestEpochMs === null ? null : Math.max(0, clock.epochMs() - oldestEpochMs),
        delivered,
        declaredLost: Object.values(stored.declaredLost).reduce((sum, count) => sum + count, 0),
        resent: sent.eventsResent,
        criticalFull,
        lastError: sent.link.lastError,
      };
    },
    async close() {
      await uplink.close();
      await outbox.close();
    },
  };
}
