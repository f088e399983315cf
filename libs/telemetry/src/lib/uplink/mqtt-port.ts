/** A connection to a broker; mqtt.js behind it. It holds nothing back while it is offline: `publish` fails instead. */
export interface MqttLink {
  /** Resolves with the broker's acknowledgement (QoS 1). @throws DeviceError `mqtt.offline`, `mqtt.refused`, `mqtt.timeout` */
  publish(topic: string, payload: Uint8Array, options: { readonly retain: boolean }): Promise<void>;
  /** QoS 1. Kept over reconnects. @throws DeviceError `mqtt.offline`, `mqtt.refused` */
  subscribe(filter: string): Promise<void>;
  readonly connected: () => boolean;
  /** Reconnects at once when it waits for its next try. */
  nudge(): void;
  stats(): MqttLinkStats;
  /** A clean DISCONNECT, so that no Last Will is sent. */
  close(): Promise<void>;
}

export interface MqttLinkStats {
  readonly state: 'connecting' | 'connected' | 'waiting' | 'closed';
  /** 4 = MQTT 3.1.1, 5 = MQTT 5; null before the first connection. */
  readonly protocol: 4 | 5 | null;
  readonly connects: number;
  readonly lastError: string | null;
  /** ms until the next try; null unless waiting. */
  readonly nextTryMs: number | null;
}

export interface MqttHandlers {
  onConnect(): void;
  onDisconnect(reason: string): void;
  /** The broker is told (PUBACK) after this has settled, so a slow receiver slows the broker down instead of filling memory. */
  onMessage(topic: string, payload: Uint8Array, retained: boolean): Promise<void> | void;
}

/** TLS material as files, so that no secret stands in the configuration. */
export interface MqttLinkOptions {
  /** `mqtt://host:port` or `mqtts://host:port`. */
  readonly url: string;
  readonly clientId: string;
  readonly tls: { readonly caFile: string; readonly certFile: string; readonly keyFile: string } | null;
  readonly will: { readonly topic: string; readonly payload: Uint8Array } | null;
  /** False keeps the broker's session, for an ingest worker that must not miss what came while it was away. */
  readonly cleanSession: boolean;
  readonly keepaliveSeconds: number;
}
