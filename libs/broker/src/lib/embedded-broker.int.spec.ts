import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger, systemClock } from '@edge-blueprints/contracts';
import type { BrokerEvent, DeniedIdentities, EmbeddedBroker } from './broker-port.js';
import type { BrokerLimits } from './broker-limits.js';
import { createEmbeddedBroker } from './embedded-broker.js';
import {
  connectRawClient,
  packetTypes,
  publishPacket,
  readPublish,
  type RawConnect,
  type RawMqttClient,
  subscribePacket,
} from './testing/raw-mqtt-client.js';

const cleanups: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(limits: Partial<BrokerLimits> = {}, denied?: DeniedIdentities) {
  const broker = await createEmbeddedBroker({
    listeners: [{ host: '127.0.0.1', port: 0, tls: null, plain: true }],
    limits,
    ...(denied === undefined ? {} : { denied }),
    log: silentLogger,
    clock: systemClock,
  });
  cleanups.push(() => broker.close());
  const events: BrokerEvent[] = [];
  broker.onEvent((event) => events.push(event));
  return { broker, events, port: portOf(broker) };
}
const portOf = (broker: EmbeddedBroker): number => broker.listeners[0]?.port ?? 0;

async function join(port: number, clientId: string, more: Omit<RawConnect, 'clientId'> = {}): Promise<RawMqttClient> {
  const { client, returnCode } = await connectRawClient(port, { clientId, ...more });
  expect(returnCode, clientId).toBe(0);
  cleanups.push(() => client.destroy());
  return client;
}
const kinds = (events: readonly BrokerEvent[]): readonly string[] =>
  events.map((event) => (event.kind === 'refused' ? `refused ${event.reason}` : event.kind));

describe('the embedded broker', () => {
  it('carries telemetry from a device to the hub and the acknowledgement back', async () => {
    const { broker, port } = await start();
    const hub = await join(port, 'hub.ingest-1');
    hub.send(subscribePacket('edge/v1/+/+/tlm'));
    expect((await hub.receive(packetTypes.suback)).body[2]).toBe(1);
    const device = await join(port, 'north.line-1');
    device.send(subscribePacket('edge/v1/north/line-1/ack'));
    expect((await device.receive(packetTypes.suback)).body[2]).toBe(1);

    device.send(publishPacket('edge/v1/north/line-1/tlm', Buffer.from('[1]')));
    await device.receive(packetTypes.puback);
    expect(readPublish(await hub.receive(packetTypes.publish))).toMatchObject({
      topic: 'edge/v1/north/line-1/tlm',
      payload: Buffer.from('[1]'),
    });
    hub.send(publishPacket('edge/v1/north/line-1/ack', Buffer.from('{}')));
    expect(readPublish(await device.receive(packetTypes.publish)).topic).toBe('edge/v1/north/line-1/ack');
    expect(broker.stats()).toMatchObject({
      secure: false,
      sessions: { devices: 1, workers: 1 },
      published: { messages: 2 },
    });
  });
});
