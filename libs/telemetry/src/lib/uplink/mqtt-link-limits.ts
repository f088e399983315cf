import { ConfigError } from '@edge-blueprints/contracts';

export interface MqttLinkLimits {
  /** TCP, TLS and CONNACK together. */
  readonly connectTimeoutMs: number;
  /** Until the PUBACK; a second a KiB is added. Also until a SUBACK. */
  readonly publishTimeoutMs: number;
  /** Publishes without their PUBACK; less where the broker's receive maximum is lower. */
  readonly maxInFlight: number;
  /** Publishes that wait for their turn; what is more is refused with `mqtt.busy`. */
  readonly maxWaiting: number;
  /** Received messages that are handled at the same time. */
  readonly inboundWindow: number;
  readonly reconnectBaseMs: number;
  readonly reconnectCapMs: number;
  /** How long a broker of MQTT 5 keeps a session that is not clean. */
  readonly sessionExpirySeconds: number;
}

export const mqttLinkLimits: MqttLinkLimits = {
  connectTimeoutMs: 30_000,
  publishTimeoutMs: 30_000,
  maxInFlight: 100,
  maxWaiting: 1_000,
  inboundWindow: 32,
  reconnectBaseMs: 1_000,
  reconnectCapMs: 60_000,
  sessionExpirySeconds: 86_400,
};

/** @throws ConfigError `mqtt.url` */
export function checkMqttUrl(url: string, tls: boolean): void {
  const wanted = tls ? 'mqtts:' : 'mqtt:';
  if (URL.canParse(url)) {
    const { protocol, hostname, port, username, password } = new URL(url);
    if (protocol === wanted && hostname !== '' && port !== '' && username === '' && password === '') return;
  }
  throw new ConfigError(
    'mqtt.url',
    `${JSON.stringify(url)} is no broker address; ${tls ? 'with certificates it is mqtts://HOST:PORT' : 'without certificates it is mqtt://HOST:PORT'}, without user and password`,
  );
}
