import { silentLogger, systemClock } from '@edge-blueprints/contracts';
import type { BrokerLimits } from '../broker-limits.js';
import type { BrokerEvent, DeniedIdentities, EmbeddedBroker } from '../broker-port.js';
import { createEmbeddedBroker } from '../embedded-broker.js';
import {
  connectRawClient,
  packetTypes,
  type RawConnect,
  type RawMqttClient,
  readPublish,
  subscribePacket,
} from './raw-mqtt-client.js';

/** A broker on plain loopback with hand-made clients; `end` closes everything. */
export interface BrokerFixture {
  readonly broker: EmbeddedBroker;
  readonly port: number;
  /** Kinds of events in their order; a refusal as `refused <reason>`. */
  readonly events: string[];
  try(clientId: string, more?: Omit<RawConnect, 'clientId'>): Promise<{ client: RawMqttClient; returnCode: number }>;
  /** @throws when the broker refuses */
  join(clientId: string, more?: Omit<RawConnect, 'clientId'>): Promise<RawMqttClient>;
  /** A worker that listens to telemetry and status. */
  joinHub(): Promise<RawMqttClient>;
  end(): Promise<void>;
}

export async function startBroker(
  limits: Partial<BrokerLimits> = {},
  denied?: DeniedIdentities,
): Promise<BrokerFixture> {
  const broker = await createEmbeddedBroker({
    listeners: [{ host: '127.0.0.1', port: 0, tls: null, plain: true }],
    limits,
    ...(denied === undefined ? {} : { denied }),
    log: silentLogger,
    clock: systemClock,
  });
  const port = broker.listeners[0]?.port ?? 0;
  const events: string[] = [];
  broker.onEvent((event: BrokerEvent) =>
    events.push(event.kind === 'refused' ? `refused ${event.reason}` : event.kind),
  );
  const clients: RawMqttClient[] = [];
  const attempt: BrokerFixture['try'] = async (clientId, more = {}) => {
    const made = await connectRawClient(port, { clientId, ...more });
    clients.push(made.client);
    return made;
  };
  const join: BrokerFixture['join'] = async (clientId, more) => {
    const { client, returnCode } = await attempt(clientId, more);
    if (returnCode !== 0) throw new Error(`${clientId} was refused with ${returnCode}`);
    return client;
  };
  return {
    broker,
    port,
    events,
    try: attempt,
    join,
    async joinHub() {
      const hub = await join('hub.ingest-1');
      for (const channel of ['tlm', 'status']) {
        hub.send(subscribePacket(`edge/v1/+/+/${channel}`));
        await hub.receive(packetTypes.suback);
      }
      return hub;
    },
    async end() {
      for (const client of clients) client.destroy();
      await broker.close();
    },
  };
}

/** Topic and text of the next message. */
export async function nextMessage(client: RawMqttClient): Promise<string> {
  const { topic, payload } = readPublish(await client.receive(packetTypes.publish));
  return `${topic} ${payload.toString()}`;
}
