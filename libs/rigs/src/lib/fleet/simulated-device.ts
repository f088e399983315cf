import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fleetTopic, identityName, silentLogger, type Clock } from '@edge-blueprints/contracts';
import type { LatencyHistogram } from '@edge-blueprints/pipeline';
import {
  connectMqtt,
  createMemoryOutbox,
  createUplink,
  statusPayload,
  type MqttHandlers,
  type MqttLink,
  type Outbox,
  type Uplink,
} from '@edge-blueprints/telemetry';
import type { DeviceCharacter } from './device-character.js';
import type { SimulatedEvent } from './device-events.js';

export interface SimulatedDevice {
  readonly character: DeviceCharacter;
  append(event: SimulatedEvent): Promise<void>;
  readonly uplink: () => Uplink | undefined;
  readonly outbox: Outbox;
  /** Connects, the first time or again after `close`. */
  start(): void;
  /** Disconnects. The outbox stays, and events may still be appended. */
  close(): Promise<void>;
}

export interface SimulatedDeviceOptions {
  readonly character: DeviceCharacter;
  readonly url: string;
  /** Folder with `ca.crt` and `{site}.{device}.crt` and `.key`. */
  readonly tlsFolder: string | undefined;
  readonly clock: Clock;
  readonly maxBytes: number;
  readonly reconnectMaxMs: number;
  readonly ackLatency: LatencyHistogram;
  readonly onState: (connected: boolean) => void;
  readonly onAcknowledged: (events: number) => void;
}

const hex16 = (): string => randomBytes(8).toString('hex');

/** A device with the uplink and the connection of a real one; only its outbox forgets when the process ends. */
export function createSimulatedDevice(options: SimulatedDeviceOptions): SimulatedDevice {
  const { character, url, tlsFolder, ackLatency, onState } = options;
  const { identity, random, clockSkewMs } = character;
  const name = identityName(identity);
  const clock: Clock = {
    monotonicMs: options.clock.monotonicMs,
    epochMs: () => options.clock.epochMs() + clockSkewMs,
  };
  const boot = hex16();
  const startedMs = clock.monotonicMs();
  // Drawn by the operating system: a hub that knows the run before must not take this one for its repetition.
  const stored = createMemoryOutbox({
    clock,
    boot,
    newEpoch: hex16(),
    maxBytes: options.maxBytes,
    criticalBytes: options.maxBytes / 4,
    maxAgeMs: 30 * 86_400_000,
    startedMs,
  });
  const outbox: Outbox = {
    ...stored,
    async acknowledge(epoch, accepted) {
      await stored.acknowledge(epoch, accepted);
      options.onAcknowledged(accepted.reduce((sum, [from, to]) => sum + to - from + 1, 0));
    },
  };
  const tls = tlsFolder
    ? {
        caFile: join(tlsFolder, 'ca.crt'),
        certFile: join(tlsFolder, `${name}.crt`),
        keyFile: join(tlsFolder, `${name}.key`),
      }
    : null;
  const connect = (handlers: MqttHandlers): MqttLink =>
    connectMqtt(
      {
        url,
        clientId: name,
        tls,
        will: { topic: fleetTopic(identity, 'status'), payload: statusPayload(false, boot, clock) },
        cleanSession: true,
        keepaliveSeconds: 60,
      },
      {
        onMessage: handlers.onMessage,
        onConnect() {
          onState(true);
          handlers.onConnect();
        },
        onDisconnect(reason) {
          onState(false);
          handlers.onDisconnect(reason);
        },
      },
      {
        clock,
        random: random.fork('link'),
        log: silentLogger,
        limits: { reconnectCapMs: options.reconnectMaxMs },
      },
    );
  const create = (): Uplink =>
    createUplink({
      identity,
      boot,
      bootMonotonicMs: startedMs,
      outbox,
      connect,
      clock,
      random: random.fork('uplink'),
      log: silentLogger,
      ackLatency,
    });
  let running: Uplink | undefined;
  return {
    character,
    outbox,
    uplink: () => running,
    start: () => void (running ??= create()),
    async append({ type, deliveryClass, data }) {
      const now = { epochMs: clock.epochMs(), uptimeMs: clock.monotonicMs() - startedMs };
      await outbox.append({ type, deliveryClass, data, simulated: true, ...now });
      running?.nudge(deliveryClass);
    },
    async close() {
      const last = running;
      running = undefined;
      await last?.close();
    },
  };
}
