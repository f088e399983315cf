import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type BrokerFixture, nextMessage, startBroker } from './testing/broker-fixture.js';
import {
  connectPacket,
  lengthField,
  openRawClient,
  packetTypes,
  pingPacket,
  publishPacket,
  type RawMqttClient,
  subscribePacket,
} from './testing/raw-mqtt-client.js';

/** More for a soak: `FUZZ_RUNS=100000 npx vitest run libs/broker/src/lib/attacks.int.spec.ts --test-timeout=3600000`. */
const fuzzRuns = Number(process.env['FUZZ_RUNS'] ?? 400);

const fixtures: BrokerFixture[] = [];
const strangers: RawMqttClient[] = [];
const start = async (...parameters: Parameters<typeof startBroker>): Promise<BrokerFixture> => {
  const fixture = await startBroker(...parameters);
  fixtures.push(fixture);
  return fixture;
};
const stranger = async (port: number): Promise<RawMqttClient> => {
  const client = await openRawClient(port);
  strangers.push(client);
  return client;
};
afterEach(async () => {
  for (const client of strangers.splice(0)) client.destroy();
  for (const fixture of fixtures.splice(0)) await fixture.end();
});

/** A device that behaves is served, end to end. */
async function expectService(fixture: BrokerFixture, hub: RawMqttClient, text: string): Promise<void> {
  const good = await fixture.join('south.line-9');
  good.send(publishPacket('edge/v1/south/line-9/tlm', Buffer.from(text)));
  await good.receive(packetTypes.puback);
  expect(await nextMessage(hub)).toBe(`edge/v1/south/line-9/tlm ${text}`);
  good.destroy();
  await good.closed();
}

describe('a device that speaks for another', () => {
  it('is cut off and counted; the hub hears nothing of it', async () => {
    const fixture = await start();
    const hub = await fixture.joinHub();
    const topics = [
      'edge/v1/north/line-2/tlm',
      'edge/v1/north/line-2/status',
      'edge/v1/north/line-1/ack',
      'edge/v1/hub/ingest-1/tlm',
      'edge/v1/n\u043erth/line-1/tlm',
      '$SYS/x',
      'edge/v1/north/line-1/tlm/',
      'a/'.repeat(3_000),
    ];
    for (const topic of topics) {
      const device = await fixture.join('north.line-1');
      device.send(publishPacket(topic, Buffer.from('forged')));
      await device.closed();
    }
    await expectService(fixture, hub, 'true');
    // The topic of 3,000 levels is cut by the level limit of the parser, the others by the rules.
    expect(fixture.broker.stats().refused).toMatchObject({ publish: topics.length - 1, protocol: 1 });
  });

  it('is refused when its Last Will would', async () => {
    const fixture = await start();
    const topic = 'edge/v1/north/line-2/status';
    const { returnCode } = await fixture.try('north.line-1', { will: { topic, payload: 'dead', retain: true } });
    expect(returnCode).toBe(5);
    expect(fixture.events).toEqual(['refused will']);
  });

  it('gets no subscription but its own acknowledgements', async () => {
    const fixture = await start();
    const device = await fixture.join('north.line-1');
    const filters = ['#', '+/#', '$SYS/#', 'edge/v1/+/+/ack', 'edge/v1/north/line-2/ack', 'edge/v1/north/line-1/tlm'];
    for (const filter of filters) {
      device.send(subscribePacket(filter));
      expect((await device.receive(packetTypes.suback)).body[2], filter).toBe(0x80);
    }
    expect(fixture.broker.stats().subscriptionsRefused).toBe(filters.length);
    device.send(pingPacket);
    await device.receive(packetTypes.pingresp);
  });

  it('is not let in under a name that is none', async () => {
    const fixture = await start();
    for (const clientId of [
      '',
      'line-1',
      'north.line-1.x',
      'North.line-1',
      'north.line-1\u0000',
      '__proto__.x',
      '../x',
    ])
      expect((await fixture.try(clientId)).returnCode, clientId).toBe(5);
    const invalidUtf8 = await stranger(fixture.port);
    invalidUtf8.send(connectPacket({ clientId: Buffer.from([0x6e, 0xc3, 0x28, 0x2e, 0x61]) }));
    expect((await invalidUtf8.receive(packetTypes.connack)).body[1]).toBe(5);
    expect(fixture.broker.stats().refused.identity).toBe(8);
  });
});

describe('packets made to hurt', () => {
  it('are refused by their length field before CONNECT and after, with nothing buffered', async () => {
    const fixture = await start();
    const before = await stranger(fixture.port);
    before.send(Buffer.concat([Buffer.from([0x10]), lengthField(268_435_455)]));
    await before.closed();
    const after = await fixture.join('north.line-1');
    after.send(Buffer.concat([Buffer.from([0x32]), lengthField(300_000)]));
    await after.closed();
    const endless = await stranger(fixture.port);
    endless.send(Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0x7f]));
    await endless.closed();
    expect(fixture.broker.stats().refused['packet-too-large']).toBe(3);
  });

  it('pass at the limit: a whole batch fits', async () => {
    const fixture = await start();
    const hub = await fixture.joinHub();
    const device = await fixture.join('north.line-1');
    device.send(publishPacket('edge/v1/north/line-1/tlm', Buffer.alloc(262_144, 0x20)));
    await device.receive(packetTypes.puback);
    expect((await nextMessage(hub)).length).toBe('edge/v1/north/line-1/tlm '.length + 262_144);
  });

  it('end the connection when they break the protocol', async () => {
    const fixture = await start();
    for (const bytes of [
      publishPacket('edge/v1/north/line-1/tlm', Buffer.from('before CONNECT')),
      Buffer.from([0xf0, 0x00]),
      Buffer.from([0x10, 0x04, 0x00, 0xff, 0x4d, 0x51]),
      Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
      Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 1, 2, 3, 4, 5]),
    ]) {
      const client = await stranger(fixture.port);
      client.send(bytes);
      await client.closed();
    }
    const twice = await fixture.join('north.line-1');
    twice.send(connectPacket({ clientId: 'north.line-1' }));
    await twice.closed();
    const qos2 = await fixture.join('north.line-1');
    qos2.send(publishPacket('edge/v1/north/line-1/tlm', Buffer.from('x'), { qos: 2 }));
    await qos2.closed();
    expect(fixture.broker.stats().refused).toMatchObject({ publish: 1 });
  });

  it('are answered with the code that says so when they speak MQTT 5', async () => {
    const fixture = await start();
    const client = await stranger(fixture.port);
    // CONNECT of MQTT 5 with an empty property field.
    client.send(Buffer.from([0x10, 14, 0, 4, 0x4d, 0x51, 0x54, 0x54, 5, 2, 0, 60, 0, 0, 1, 0x61]));
    expect((await client.receive(packetTypes.connack)).body[1]).toBe(1);
    expect(fixture.broker.stats().refused.version).toBe(1);
  });

  it('do not bring the broker down, whichever bytes are changed', async () => {
    const fixture = await start({ connectsPerSecond: 100_000, connectsBurst: 100_000, cloneWindowMs: 0 });
    const hub = await fixture.joinHub();
    const session = Buffer.concat([
      connectPacket({
        clientId: 'north.line-1',
        will: { topic: 'edge/v1/north/line-1/status', payload: 'gone', retain: true },
      }),
      subscribePacket('edge/v1/north/line-1/ack'),
      publishPacket('edge/v1/north/line-1/tlm', Buffer.from('[{"a":1}]')),
      pingPacket,
    ]);
    const change = fc.record({ at: fc.nat(session.length - 1), to: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(change, { minLength: 1, maxLength: 6 }),
        fc.nat(session.length),
        async (changes, cut) => {
          const bytes = Buffer.from(session);
          for (const { at, to } of changes) bytes[at] = to;
          const client = await openRawClient(fixture.port);
          client.send(bytes.subarray(0, session.length - (cut % 3 === 0 ? cut : 0)));
          client.socket.end();
          await client.closed();
        },
      ),
      { numRuns: fuzzRuns, seed: 20_261_122 },
    );
    await expectServiceAmongNoise(fixture, hub);
  });
});

async function expectServiceAmongNoise(fixture: BrokerFixture, hub: RawMqttClient): Promise<void> {
  const good = await fixture.join('south.line-9');
  good.send(publishPacket('edge/v1/south/line-9/tlm', Buffer.from('still here')));
  for (let message = await nextMessage(hub); message !== 'edge/v1/south/line-9/tlm still here';)
    message = await nextMessage(hub);
}

describe('peers that are slow on purpose', () => {
  it('are cut when CONNECT does not come, or does not end', async () => {
    const fixture = await start({ connectTimeoutMs: 100 });
    const silent = await stranger(fixture.port);
    const slow = await stranger(fixture.port);
    slow.send(connectPacket({ clientId: 'north.line-1' }).subarray(0, 9));
    await Promise.all([silent.closed(), slow.closed()]);
    await expect.poll(() => fixture.broker.stats()).toMatchObject({ pending: 0, refused: { 'connect-timeout': 2 } });
  });

  it('cannot ask for a keepalive that never ends', async () => {
    const fixture = await start();
    for (const keepaliveSeconds of [0, 601]) {
      const client = await stranger(fixture.port);
      client.send(connectPacket({ clientId: 'north.line-1', keepaliveSeconds }));
      await client.closed();
    }
    expect(fixture.broker.stats().refused.keepalive).toBe(2);
  });

  it('take up only their share of unfinished connections; others wait in line and come through', async () => {
    const fixture = await start({ pending: 3, pendingPerAddress: 3, connectTimeoutMs: 150 });
    const idle = await Promise.all([1, 2, 3].map(() => stranger(fixture.port)));
    const late = fixture.join('north.line-1');
    await Promise.all(idle.map((client) => client.closed()));
    await late;
    await expect.poll(() => fixture.broker.stats()).toMatchObject({ waiting: 0, pending: 0, sessions: { devices: 1 } });
  });

  it('are refused above the number of connections', async () => {
    const fixture = await start({ connections: 2 });
    await fixture.join('north.line-1');
    await fixture.join('north.line-2');
    await (await stranger(fixture.port)).closed();
    expect(fixture.broker.stats().refused['connection-limit']).toBe(1);
  });

  it('do not hold up the acknowledgements of others by not reading theirs', async () => {
    const fixture = await start();
    const hub = await fixture.joinHub();
    const [frozen, good] = [await fixture.join('north.line-1'), await fixture.join('north.line-2')];
    for (const [client, name] of [
      [frozen, 'line-1'],
      [good, 'line-2'],
    ] as const) {
      client.send(subscribePacket(`edge/v1/north/${name}/ack`));
      await client.receive(packetTypes.suback);
    }
    frozen.socket.pause();
    const large = Buffer.alloc(200_000, 0x20);
    let acknowledged = 0;
    while (fixture.broker.stats().forwardsDropped === 0 && acknowledged < 200) {
      hub.send(publishPacket('edge/v1/north/line-1/ack', large));
      await hub.receive(packetTypes.puback);
      acknowledged += 1;
    }
    expect(fixture.broker.stats().forwardsDropped).toBeGreaterThan(0);
    hub.send(publishPacket('edge/v1/north/line-2/ack', Buffer.from('{}')));
    expect(await nextMessage(good)).toBe('edge/v1/north/line-2/ack {}');
  });

  it('are cut when they are the hub and stop reading, so that devices are served again', async () => {
    const fixture = await start({ drainTimeoutMs: 200, publishBytesPerSecond: 1e9, publishBytesBurst: 1e9 });
    const hub = await fixture.joinHub();
    hub.socket.pause();
    const device = await fixture.join('north.line-1');
    const batch = publishPacket('edge/v1/north/line-1/tlm', Buffer.alloc(250_000, 0x20));
    let sent = 0;
    for (; fixture.broker.stats().refused.frozen === 0 && sent < 400; sent += 1) {
      device.send(batch);
      await device.receive(packetTypes.puback);
    }
    // Most of it lies in the sockets of the system; the broker itself stops reading after about one MiB.
    expect(sent).toBeLessThan(200);
    expect(fixture.broker.stats()).toMatchObject({ refused: { frozen: 1 }, sessions: { workers: 0 } });
    await expectService(fixture, await fixture.joinHub(), 'served');
  });
});

describe('a device that floods', () => {
  it('is read slower, in order and without loss, while its neighbour is served at once', async () => {
    const fixture = await start({ publishesPerSecond: 100, publishesBurst: 10 });
    const hub = await fixture.joinHub();
    const [loud, quiet] = [await fixture.join('north.line-1'), await fixture.join('north.line-2')];
    const flood = Array.from({ length: 60 }, (_, at) =>
      publishPacket('edge/v1/north/line-1/tlm', Buffer.from(`${at}`), { id: at + 1 }),
    );
    loud.send(Buffer.concat(flood));
    quiet.send(publishPacket('edge/v1/north/line-2/tlm', Buffer.from('quiet')));
    const heard: string[] = [];
    while (heard.length < 61) heard.push((await nextMessage(hub)).replace(/^edge\/v1\/north\/line-\d\/tlm /, ''));
    expect(heard.filter((text) => text !== 'quiet')).toEqual(flood.map((_, at) => `${at}`));
    expect(heard.indexOf('quiet')).toBeLessThan(40);
    const { messages, throttled } = fixture.broker.stats().published;
    expect(messages).toBe(61);
    expect(throttled).toBeGreaterThan(0);
  });
});
