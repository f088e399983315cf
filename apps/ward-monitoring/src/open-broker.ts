import { createEmbeddedBroker, wardTopicRules } from '@edge-blueprints/broker';
import { gatewayHeartbeatTopic, wardFilter } from '@edge-blueprints/contracts';
import type { Clock, Logger, Random } from '@edge-blueprints/contracts';
import { connectMqtt } from '@edge-blueprints/telemetry';
import type { WardConfig } from './config.js';

export interface WardBroker {
  /** Of the embedded broker; null where another one is used. */
  readonly port: number | null;
  /** And answers. */
  connected(): boolean;
  /** Every two seconds; fails in silence while the broker is away. Its answer tells that the connection is not only half open. */
  heartbeat(body: Readonly<Record<string, unknown>>): void;
  close(): Promise<void>;
}

export interface WardBrokerDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly onMessage: (topic: string, payload: Uint8Array) => void;
}

/** A heartbeat that has no answer for so long: the keep-alive of the connection would need a quarter of a minute to find out. */
const silentMs = 3_000;

const bytesOf = (body: object): Buffer => Buffer.from(JSON.stringify(body));

/** Connects to the broker of the ward, or opens one of its own on loopback. @throws DeviceError `broker.listen` */
export async function openWardBroker(config: WardConfig, deps: WardBrokerDeps): Promise<WardBroker> {
  const { site, ward, broker } = config;
  const { clock, random, log } = deps;
  const embedded =
    broker.kind === 'mqtt'
      ? undefined
      : await createEmbeddedBroker({
          listeners: [{ host: broker.host, port: broker.port, tls: null, plain: true }],
          rules: wardTopicRules(site, ward),
          clock,
          log,
        });
  const port = embedded?.listeners[0]?.port ?? null;
  const url = broker.kind === 'mqtt' ? broker.url : `mqtt://${broker.host}:${port}`;
  const topic = gatewayHeartbeatTopic(site, ward);
  let isOpen = true;
  let unansweredSinceMs: number | undefined;
  const link = connectMqtt(
    {
      url,
      tls: broker.kind === 'mqtt' ? broker.tls : null,
      clientId: `hub.${ward}`,
      will: { topic, payload: bytesOf({ online: false }) },
      // What came while this gateway was away is delivered, and judged by its age.
      cleanSession: broker.kind === 'embedded',
      keepaliveSeconds: 10,
    },
    {
      onConnect: () => {
        unansweredSinceMs = undefined;
      },
      onDisconnect: (reason) => void (isOpen && log.warn('ward.broker-lost', { reason })),
      onMessage: (from, payload) => deps.onMessage(from, payload),
    },
    { clock, random, log, limits: { reconnectBaseMs: 200, reconnectCapMs: 5_000, sessionExpirySeconds: 3_600 } },
  );
  // Kept by the link, also while it is not connected yet.
  link.subscribe(wardFilter(site, ward)).catch(() => undefined);
  return {
    port,
    connected: () =>
      link.connected() && (unansweredSinceMs === undefined || clock.monotonicMs() - unansweredSinceMs < silentMs),
    heartbeat(body) {
      unansweredSinceMs ??= clock.monotonicMs();
      link.publish(topic, bytesOf(body), { retain: true }).then(
        () => {
          unansweredSinceMs = undefined;
        },
        () => undefined,
      );
    },
    async close() {
      isOpen = false;
      await link.close();
      await embedded?.close();
    },
  };
}
