import { afterEach, describe, expect, it } from 'vitest';
import { silentLogger, systemClock } from '@edge-blueprints/contracts';
import type { DeniedIdentities } from './broker-port.js';
import { createEmbeddedBroker } from './embedded-broker.js';
import { type BrokerFixture, nextMessage, startBroker } from './testing/broker-fixture.js';
import { disconnectPacket, packetTypes, publishPacket, subscribePacket } from './testing/raw-mqtt-client.js';

const fixtures: BrokerFixture[] = [];
const start = async (...parameters: Parameters<typeof startBroker>): Promise<BrokerFixture> => {
  const fixture = await startBroker(...parameters);
  fixtures.push(fixture);
  return fixture;
};
afterEach(async () => {
  for (const fixture of fixtures.splice(0)) await fixture.end();
});

const will = (name: string, payload = 'gone') => ({
  topic: `edge/v1/${name.replace('.', '/')}/status`,
  payload,
  retain: true,
});

describe('the embedded broker', () => {
  it('carries telemetry from a device to the hub and the acknowledgement back', async () => {
    const fixture = await start();
    const hub = await fixture.joinHub();
    const device = await fixture.join('north.line-1');
    device.send(subscribePacket('edge/v1/north/line-1/ack'));
    expect((await device.receive(packetTypes.suback)).body[2]).toBe(1);
    device.send(publishPacket('edge/v1/north/line-1/tlm', Buffer.from('[1]')));
    await device.receive(packetTypes.puback);
    expect(await nextMessage(hub)).toBe('edge/v1/north/line-1/tlm [1]');
    hub.send(publishPacket('edge/v1/north/line-1/ack', Buffer.from('{}')));
    expect(await nextMessage(device)).toBe('edge/v1/north/line-1/ack {}');
    expect(fixture.broker.stats()).toMatchObject({
      secure: false,
      sessions: { devices: 1, workers: 1, peak: 2 },
      published: { messages: 2, bytes: 5, throttled: 0 },
    });
  });

  it('keeps the birth of a device for a hub that comes later, and sends its Last Will when the link is lost', async () => {
    const fixture = await start();
    const device = await fixture.join('north.line-1', { will: will('north.line-1') });
    device.send(publishPacket('edge/v1/north/line-1/status', Buffer.from('born'), { retain: true }));
    await device.receive(packetTypes.puback);
    const hub = await fixture.joinHub();
    expect(await nextMessage(hub)).toBe('edge/v1/north/line-1/status born');
    device.destroy();
    expect(await nextMessage(hub)).toBe('edge/v1/north/line-1/status gone');
  });

  it('sends no Last Will after a clean goodbye', async () => {
    const fixture = await start();
    const hub = await fixture.joinHub();
    const device = await fixture.join('north.line-1', { will: will('north.line-1') });
    device.send(disconnectPacket);
    await device.closed();
    const other = await fixture.join('north.line-2');
    other.send(publishPacket('edge/v1/north/line-2/tlm', Buffer.from('next')));
    expect(await nextMessage(hub)).toBe('edge/v1/north/line-2/tlm next');
  });

  it('keeps no session of anyone who is away, even when asked to', async () => {
    const fixture = await start();
    const hub = await fixture.join('hub.ingest-1', { clean: false });
    hub.send(subscribePacket('edge/v1/+/+/tlm'));
    await hub.receive(packetTypes.suback);
    hub.destroy();
    const device = await fixture.join('north.line-1');
    device.send(publishPacket('edge/v1/north/line-1/tlm', Buffer.from('unheard')));
    await device.receive(packetTypes.puback);
    const { client, returnCode } = await fixture.try('hub.ingest-1', { clean: false });
    expect(returnCode).toBe(0);
    client.send(subscribePacket('edge/v1/+/+/tlm'));
    await client.receive(packetTypes.suback);
    device.send(publishPacket('edge/v1/north/line-1/tlm', Buffer.from('heard')));
    expect(await nextMessage(client)).toBe('edge/v1/north/line-1/tlm heard');
  });

  it('cuts a denied name at once, refuses it until it is allowed, and leaves the others alone', async () => {
    const fixture = await start();
    const [bad, good] = [await fixture.join('north.line-1'), await fixture.join('north.line-2')];
    fixture.broker.deny('north.line-1', 'stolen');
    await bad.closed();
    expect((await fixture.try('north.line-1')).returnCode).toBe(5);
    good.send(publishPacket('edge/v1/north/line-2/tlm', Buffer.from('1')));
    await good.receive(packetTypes.puback);
    fixture.broker.allow('north.line-1');
    expect((await fixture.try('north.line-1')).returnCode).toBe(0);
    expect(fixture.broker.stats().refused.denied).toBe(2);
  });

  it('follows a deny list that changes', async () => {
    let denied = '';
    let changed = (): void => undefined;
    const list: DeniedIdentities = {
      isDenied: (name) => name === denied,
      onChange: (listener) => {
        changed = listener;
        return () => undefined;
      },
    };
    const fixture = await start({}, list);
    const device = await fixture.join('north.line-1');
    denied = 'north.line-1';
    changed();
    await device.closed();
    expect((await fixture.try('north.line-1')).returnCode).toBe(5);
    expect(fixture.events).toEqual(['connected', 'refused denied', 'disconnected', 'refused denied']);
  });

  it('lets a device that lost its link take over its old connection', async () => {
    const fixture = await start();
    const first = await fixture.join('north.line-1');
    const second = await fixture.join('north.line-1');
    await first.closed();
    second.send(publishPacket('edge/v1/north/line-1/tlm', Buffer.from('1')));
    await second.receive(packetTypes.puback);
    expect(fixture.broker.stats()).toMatchObject({ takeovers: 1, clones: 0, sessions: { devices: 1 } });
  });

  it('tells when two share one identity, keeps the one that is up and holds the other off', async () => {
    const fixture = await start({ cloneHoldMs: 60_000 });
    await fixture.join('north.line-1');
    await fixture.join('north.line-1');
    const up = await fixture.join('north.line-1');
    expect((await fixture.try('north.line-1')).returnCode).toBe(5);
    expect((await fixture.try('north.line-1')).returnCode).toBe(5);
    up.send(publishPacket('edge/v1/north/line-1/tlm', Buffer.from('1')));
    await up.receive(packetTypes.puback);
    expect(fixture.events.filter((kind) => kind === 'cloned')).toHaveLength(1);
    expect(fixture.broker.stats()).toMatchObject({ takeovers: 3, clones: 1, refused: { clone: 2 } });
  });

  it('listens without TLS on loopback only', async () => {
    const outside = createEmbeddedBroker({
      listeners: [{ host: '0.0.0.0', port: 0, tls: null, plain: true }],
      log: silentLogger,
      clock: systemClock,
    });
    await expect(outside).rejects.toMatchObject({ code: 'broker.plain-not-loopback' });
  });

  it('names a port that is taken, and TLS files that are missing, all at once', async () => {
    const { port } = await start();
    const more = (listener: Parameters<typeof createEmbeddedBroker>[0]['listeners'][number]) =>
      createEmbeddedBroker({ listeners: [listener], log: silentLogger, clock: systemClock });
    await expect(more({ host: '127.0.0.1', port, tls: null, plain: true })).rejects.toMatchObject({
      code: 'broker.listen',
    });
    const tls = { caFile: 'no-ca', certFile: 'no-cert', keyFile: 'no-key' };
    await expect(more({ host: '127.0.0.1', port: 0, tls })).rejects.toThrow(/no-ca.*no-cert.*no-key/);
  });
});
