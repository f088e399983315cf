import { Socket } from 'node:net';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { DeviceError, errorMessage, type Clock, type Logger, type Random } from '@edge-blueprints/contracts';
import { createInboundWindow } from './inbound-window.js';
import { checkMqttUrl, mqttLinkLimits, type MqttLinkLimits } from './mqtt-link-limits.js';
import type { MqttHandlers, MqttLink, MqttLinkOptions, MqttLinkStats } from './mqtt-port.js';
import { createProtocolChoice, type MqttVersion } from './protocol-choice.js';
import { createPublishWindow } from './publish-window.js';
import { createReconnectPause } from './reconnect-pause.js';
import { systemSchedule, type Schedule } from './schedule.js';
import { readTlsFiles, type TlsMaterial } from './tls-files.js';

export interface MqttLinkDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly schedule?: Schedule;
  readonly limits?: Partial<MqttLinkLimits>;
}

/** What is known of one connection. Each has a client of its own, so that nothing of the last one is sent again. */
interface Connection {
  readonly client: MqttClient;
  readonly version: MqttVersion;
  accepted: boolean;
  announcedAtMs: number | null;
  problem: string | null;
  refusal: 'version' | 'silent' | 'other' | null;
}

/** Given an error, the client reads on without a PUBACK; `acknowledge` sends that when the receiver is done. */
const readOn = new DeviceError('mqtt.later', 'acknowledged when the receiver is done');
/** CONNACK "unacceptable protocol version" of MQTT 3.1.1, and "unsupported protocol version" of MQTT 5. */
const versionRefusals: readonly unknown[] = [1, 132];
const hungUp: readonly unknown[] = [undefined, 'ECONNRESET', 'EPIPE'];

/**
 * Connects, and stays connected until `close`: MQTT 5, or 3.1.1 where the broker speaks no 5; pauses with full jitter; no
 * queue while offline. Filters of `subscribe` are subscribed again before `onConnect` is called.
 * @throws ConfigError `mqtt.url`
 */
export function connectMqtt(options: MqttLinkOptions, handlers: MqttHandlers, deps: MqttLinkDeps): MqttLink {
  checkMqttUrl(options.url, options.tls !== null);
  const { clock, random, log } = deps;
  const schedule = deps.schedule ?? systemSchedule;
  const limits = { ...mqttLinkLimits, ...deps.limits };
  const pause = createReconnectPause(random, limits.reconnectBaseMs, limits.reconnectCapMs);
  const choice = createProtocolChoice();
  const publishes = createPublishWindow({
    maxWaiting: limits.maxWaiting,
    timeoutMs: limits.publishTimeoutMs,
    schedule,
  });
  const inbound = createInboundWindow(limits.inboundWindow, publishes.open);
  const filters = new Set<string>();
  let state: MqttLinkStats['state'] = 'connecting';
  let connection: Connection | undefined;
  let connects = 0;
  let lastError: string | null = null;
  let nextTryAtMs: number | null = null;
  let cancelTry: () => void = () => undefined;

  const offline = (): DeviceError =>
    new DeviceError('mqtt.offline', `No connection to ${options.url}${lastError === null ? '' : `: ${lastError}`}`, {
      retry: 'safe',
    });

  const open = async (): Promise<void> => {
    nextTryAtMs = null;
    state = 'connecting';
    try {
      const tls = options.tls === null ? undefined : await readTlsFiles(options.tls);
      if (isClosed()) return;
      start(tls);
    } catch (error) {
      wait(errorMessage(error));
    }
  };

  const start = (tls: TlsMaterial | undefined): void => {
    const version = choice.version();
    const client = connect(options.url, clientOptions(options, limits, version, tls));
    const mine: Connection = {
      client,
      version,
      accepted: false,
      announcedAtMs: null,
      problem: null,
      refusal: null,
    };
    connection = mine;
    client.handleMessage = (packet, proceed) => {
      const settled = (error?: unknown): void => {
        if (error !== undefined)
          log.error('mqtt.receiver-failed', { topic: packet.topic, reason: errorMessage(error) });
        if (packet.qos === 1) acknowledge(mine, packet.messageId);
      };
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload;
      inbound.take(
        () => handlers.onMessage(packet.topic, payload, packet.retain),
        settled,
        () => proceed(readOn),
      );
    };
    client.on('connect', () => void accepted(mine));
    client.on('error', (error) => {
      const code: unknown = 'code' in error ? error.code : undefined;
      mine.problem ??= error.message === '' ? String(code) : error.message;
      mine.refusal ??= versionRefusals.includes(code) ? 'version' : hungUp.includes(code) ? 'silent' : 'other';
    });
    client.on('disconnect', (packet) => (mine.problem ??= `the broker disconnected, reason ${packet.reasonCode ?? 0}`));
    client.on('close', () => ended(mine));
    if (client.stream instanceof Socket) client.stream.setNoDelay(true);
  };

  const acknowledge = (of: Connection, messageId: number | undefined): void => {
    if (connection !== of || messageId === undefined || of.client.stream.destroyed) return;
    // PUBACK with reason 0: the same four bytes in MQTT 3.1.1 and 5.
    of.client.stream.write(Buffer.from([0x40, 2, messageId >> 8, messageId & 0xff]));
  };

  const accepted = async (mine: Connection): Promise<void> => {
    mine.accepted = true;
    choice.accepted();
    const allowed = mine.client.serverProperties?.receiveMaximum ?? limits.maxInFlight;
    publishes.setLimit(Math.min(limits.maxInFlight, allowed));
    try {
      for (const filter of filters) await subscribeOn(mine, filter);
    } catch (error) {
      mine.problem ??= errorMessage(error);
      mine.client.end(true);
      return;
    }
    if (connection !== mine || isClosed()) return;
    mine.announcedAtMs = clock.monotonicMs();
    state = 'connected';
    connects += 1;
    lastError = null;
    log.info('mqtt.connected', { url: options.url, protocol: mine.version });
    handlers.onConnect();
  };

  const ended = (mine: Connection): void => {
    if (connection !== mine) return;
    connection = undefined;
    inbound.reset();
    const reason = mine.problem ?? 'the connection was closed';
    lastError = reason;
    publishes.fail(offline());
    const announced = mine.announcedAtMs;
    if (mine.accepted) pause.lived(announced === null ? 0 : clock.monotonicMs() - announced);
    if (!isClosed()) {
      const other = mine.refusal === 'version' || mine.refusal === 'silent' || mine.refusal === null;
      const refusal = mine.refusal === 'version' ? 'version' : 'closed';
      if (!mine.accepted && other && !/timeout/i.test(reason) && choice.refused(refusal)) void open();
      else wait(reason);
    }
    if (announced !== null) handlers.onDisconnect(reason);
  };

  const wait = (reason: string): void => {
    lastError = reason;
    state = 'waiting';
    const pauseMs = pause.next();
    nextTryAtMs = clock.monotonicMs() + pauseMs;
    log.warn('mqtt.lost', { url: options.url, reason, retryInMs: Math.round(pauseMs) });
    cancelTry = schedule(pauseMs, () => void open());
  };

  const subscribeOn = async (on: Connection, filter: string): Promise<void> => {
    const tooLate = schedule(limits.publishTimeoutMs, () => {
      on.problem ??= `no answer to the subscription of ${filter}`;
      on.client.end(true);
    });
    try {
      const [granted] = await on.client.subscribeAsync(filter, { qos: 1 });
      if (granted !== undefined && granted.qos < 128) return;
    } catch (error) {
      if (connection !== on || !on.client.connected) throw offline();
      throw new DeviceError('mqtt.refused', `The broker refuses ${filter}: ${errorMessage(error)}`, { cause: error });
    } finally {
      tooLate();
    }
    throw new DeviceError('mqtt.refused', `The broker refuses the subscription of ${filter}`);
  };

  // The state changes while others are awaited, which the compiler cannot see.
  const isClosed = (): boolean => state === 'closed';
  void open();
  return {
    async publish(topic, payload, { retain }) {
      const on = connection;
      if (state !== 'connected' || !on) throw offline();
      const largest = on.client.serverProperties?.maximumPacketSize ?? Infinity;
      if (payload.byteLength + topic.length + 16 > largest)
        throw new DeviceError(
          'mqtt.too-large',
          `${payload.byteLength} bytes for ${topic}; the broker takes ${largest}`,
        );
      const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
      const answered = publishes.add(topic, bytes.length, (done) =>
        on.client.publish(topic, bytes, { qos: 1, retain }, (error) => done(error ? refused(topic, error) : undefined)),
      );
      inbound.publishing();
      await answered;
    },
    async subscribe(filter) {
      const known = filters.has(filter);
      filters.add(filter);
      const on = connection;
      if (state !== 'connected' || !on) throw offline();
      if (!known) await subscribeOn(on, filter);
    },
    connected: () => state === 'connected',
    nudge() {
      if (state !== 'waiting') return;
      cancelTry();
      void open();
    },
    stats: () => ({
      state,
      protocol: connection?.accepted ? connection.version : connects > 0 ? choice.version() : null,
      connects,
      lastError,
      nextTryMs: nextTryAtMs === null ? null : Math.max(0, Math.round(nextTryAtMs - clock.monotonicMs())),
    }),
    async close() {
      if (isClosed()) return;
      state = 'closed';
      nextTryAtMs = null;
      cancelTry();
      const last = connection;
      if (last) await disconnect(last, schedule);
      publishes.fail(offline());
    },
  };
}

function clientOptions(
  options: MqttLinkOptions,
  limits: MqttLinkLimits,
  version: MqttVersion,
  tls: TlsMaterial | undefined,
): IClientOptions {
  return {
    ...tls,
    clientId: options.clientId,
    clean: options.cleanSession,
    keepalive: options.keepaliveSeconds,
    protocolVersion: version,
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    connectTimeout: limits.connectTimeoutMs,
    ...(options.will
      ? {
          will: {
            topic: options.will.topic,
            payload: Buffer.from(options.will.payload),
            qos: 1 as const,
            retain: true,
          },
        }
      : {}),
    ...(version === 5
      ? {
          properties: {
            receiveMaximum: 4 * limits.inboundWindow,
            sessionExpiryInterval: options.cleanSession ? 0 : limits.sessionExpirySeconds,
          },
        }
      : {}),
  };
}

function refused(topic: string, error: Error): DeviceError {
  return new DeviceError('mqtt.refused', `The broker refuses a message for ${topic}: ${error.message}`, {
    cause: error,
    retry: 'safe',
  });
}

/** In order, so that the broker does not send the will; by force where the broker does not react. */
function disconnect({ client, accepted }: Connection, schedule: Schedule): Promise<void> {
  return new Promise((resolve) => {
    client.once('close', () => resolve());
    if (!accepted || client.stream.destroyed) {
      client.end(true);
      return resolve();
    }
    schedule(2_000, () => {
      client.end(true);
      resolve();
    });
    // DISCONNECT with reason 0, the same in both versions. The client's own would wait for open PUBACKs first.
    client.stream.end(Buffer.from([0xe0, 0]));
  });
}
