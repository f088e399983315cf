import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import { createRandom, DeviceError, errorCode, silentLogger, systemClock } from '@edge-blueprints/contracts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectMqtt, type MqttLinkDeps } from './mqtt-link.js';
import type { MqttHandlers, MqttLink, MqttLinkOptions } from './mqtt-port.js';
import { mosquittoMissing, startMosquitto } from './testing/mosquitto.js';

const closing: (() => Promise<unknown> | unknown)[] = [];
/** Long, for a machine that has other work; it returns as soon as it can. */
const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000 });
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const text = (payload: Uint8Array): string => Buffer.from(payload).toString();

function link(
  url: string,
  options: Partial<MqttLinkOptions> = {},
  handlers: Partial<MqttHandlers> = {},
  limits: MqttLinkDeps['limits'] = {},
) {
  const seen: string[] = [];
  let connected: () => void = () => undefined;
  const online = new Promise<void>((resolve) => (connected = resolve));
  const opened: MqttLink = connectMqtt(
    {
      url,
      clientId: 'site-01.device-0001',
      tls: null,
      will: null,
      cleanSession: true,
      keepaliveSeconds: 5,
      ...options,
    },
    {
      onConnect() {
        connected();
        handlers.onConnect?.();
      },
      onDisconnect: (reason) => handlers.onDisconnect?.(reason),
      onMessage: (topic, payload, retained) => {
        seen.push(`${topic} ${text(payload)}${retained ? ' retained' : ''}`);
        return handlers.onMessage?.(topic, payload, retained);
      },
    },
    {
      clock: systemClock,
      random: createRandom(1),
      log: silentLogger,
      limits: { reconnectBaseMs: 20, reconnectCapMs: 200, ...limits },
    },
  );
  closing.push(() => opened.close());
  return { link: opened, online, seen };
}

async function aedes(options: ConstructorParameters<typeof Aedes>[0] = {}) {
  const broker = await Aedes.createBroker(options);
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    broker.handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
    return new Promise<void>((resolve) => broker.close(() => resolve()));
  });
  return { broker, url: `mqtt://127.0.0.1:${port}`, drop: () => sockets.forEach((socket) => socket.resetAndDestroy()) };
}

describe('connectMqtt on a broker of MQTT 3.1.1', () => {
  it('falls back from 5, publishes with PUBACK and receives what it subscribed to', async () => {
    const { url } = await aedes();
    const a = link(url);
    await a.online;
    await a.link.subscribe('t/#');
    await a.link.publish('t/a', Buffer.from('hello'), { retain: false });
    await eventually(() => expect(a.seen).toEqual(['t/a hello']));
    expect(a.link.stats()).toMatchObject({ state: 'connected', protocol: 4, connects: 1, lastError: null });
  });

  it('comes back after a cut, subscribes again before it says so, and fails a publish meanwhile', async () => {
    const { url, drop, broker } = await aedes();
    let connects = 0;
    let meanwhile: unknown;
    const a = link(
      url,
      {},
      {
        onConnect: () => void (connects += 1),
        onDisconnect: () =>
          void a.link
            .publish('t/a', Buffer.from('x'), { retain: false })
            .catch((error) => (meanwhile = errorCode(error))),
      },
    );
    await a.online;
    await a.link.subscribe('t/#');
    drop();
    await eventually(() => expect(meanwhile).toBe('mqtt.offline'));
    await eventually(() => expect(connects).toBe(2));
    broker.publish(
      { cmd: 'publish', topic: 't/b', payload: 'back', qos: 1, retain: false, dup: false },
      () => undefined,
    );
    await eventually(() => expect(a.seen).toEqual(['t/b back']));
    expect(a.link.stats().protocol).toBe(4);
  });

  it('subscribes at the next connection to a filter that was given while offline', async () => {
    const { url } = await aedes();
    const a = link(url);
    await expect(a.link.subscribe('early/#')).rejects.toMatchObject({ code: 'mqtt.offline' });
    await a.online;
    await a.link.publish('early/x', Buffer.from('1'), { retain: false });
    await eventually(() => expect(a.seen).toEqual(['early/x 1']));
  });

  it('rejects a publish whose PUBACK did not come before the connection ended', async () => {
    const { url, drop } = await aedes({ authorizePublish: () => drop() });
    const a = link(url);
    await a.online;
    await expect(a.link.publish('t', Buffer.from('x'), { retain: false })).rejects.toMatchObject({
      code: 'mqtt.offline',
    });
  });

  it('holds the PUBACK back until the receiver is done, and stops reading at its window', async () => {
    const { url } = await aedes();
    const open: (() => void)[] = [];
    const slow = link(
      url,
      { clientId: 'slow' },
      { onMessage: () => new Promise<void>((resolve) => open.push(resolve)) },
      { inboundWindow: 2 },
    );
    await slow.online;
    await slow.link.subscribe('t');
    const sender = link(url, { clientId: 'sender' });
    await sender.online;
    for (let i = 0; i < 6; i++) await sender.link.publish('t', Buffer.from(String(i)), { retain: false });
    await eventually(() => expect(open).toHaveLength(2));
    // A round trip through the broker later it still handles two.
    await sender.link.publish('other', Buffer.from('x'), { retain: false });
    expect(slow.seen).toEqual(['t 0', 't 1']);
    let released = 0;
    await eventually(() => {
      for (const done of open.splice(0)) {
        released += 1;
        done();
      }
      expect(released).toBe(6);
    });
    expect(slow.seen).toEqual([0, 1, 2, 3, 4, 5].map((i) => `t ${i}`));
  });

  it('does not lock up when the receiver waits for a publish of its own', async () => {
    const { url } = await aedes();
    const worker = link(
      url,
      { clientId: 'worker' },
      { onMessage: (_topic, payload) => worker.link.publish('ack', payload, { retain: false }) },
      { inboundWindow: 1 },
    );
    const device = link(url, { clientId: 'device' });
    await Promise.all([worker.online, device.online]);
    await worker.link.subscribe('tlm');
    await device.link.subscribe('ack');
    await Promise.all(
      Array.from({ length: 20 }, (_, i) => device.link.publish('tlm', Buffer.from(`${i}`), { retain: false })),
    );
    await eventually(() => expect(device.seen).toHaveLength(20));
  });

  it('goes on when a receiver fails', async () => {
    const { url } = await aedes();
    let calls = 0;
    const a = link(
      url,
      {},
      {
        onMessage: () => {
          calls += 1;
          throw new DeviceError('test.receiver', 'no');
        },
      },
      { inboundWindow: 1 },
    );
    await a.online;
    await a.link.subscribe('t');
    for (let i = 0; i < 5; i++) await a.link.publish('t', Buffer.from(`${i}`), { retain: false });
    await eventually(() => expect(calls).toBe(5));
    expect(a.link.connected()).toBe(true);
  });

  it('sends no will after close, and the will after a cut', async () => {
    const { url, drop } = await aedes();
    const watcher = link(url, { clientId: 'watcher' });
    await watcher.online;
    await watcher.link.subscribe('status');
    const will = { topic: 'status', payload: Buffer.from('dead') };
    const first = link(url, { clientId: 'a', will });
    await first.online;
    await first.link.close();
    await watcher.link.publish('status', Buffer.from('marker'), { retain: false });
    await eventually(() => expect(watcher.seen).toEqual(['status marker']));
    const second = link(url, { clientId: 'b', will });
    await second.online;
    drop();
    await eventually(() => expect(watcher.seen.some((line) => line.startsWith('status dead'))).toBe(true));
  });
});

describe('connectMqtt without a broker', () => {
  it('pauses, says why, and tries at once when nudged', async () => {
    const { url, broker } = await aedes();
    await new Promise<void>((resolve) => broker.close(() => resolve()));
    const a = link('mqtt://127.0.0.1:9', {}, {}, { reconnectBaseMs: 600_000, reconnectCapMs: 600_000 });
    await eventually(() => expect(a.link.stats().state).toBe('waiting'));
    expect(a.link.stats()).toMatchObject({ protocol: null, lastError: expect.stringMatching(/ECONNREFUSED/) });
    expect(a.link.stats().nextTryMs).toBeGreaterThan(0);
    a.link.nudge();
    expect(a.link.stats().state).toBe('connecting');
    expect(url).toContain('mqtt');
  });

  it('notices a half-open connection by its keepalive', async () => {
    const { url } = await aedes();
    const upstream = new URL(url);
    let mute = false;
    const { connect } = await import('node:net');
    const proxy = createServer((near) => {
      const far = connect(Number(upstream.port), upstream.hostname);
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        from.on('data', (chunk) => void (mute || to.write(chunk))).on('error', () => undefined);
        from.on('close', () => void (mute || to.destroy()));
      }
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    closing.push(() => void proxy.close());
    const { port } = proxy.address() as AddressInfo;
    let reason = '';
    const a = link(`mqtt://127.0.0.1:${port}`, { keepaliveSeconds: 1 }, { onDisconnect: (why) => (reason = why) });
    await a.online;
    mute = true;
    await eventually(() => expect(reason).toMatch(/keepalive/i));
  });

  it('names every certificate that cannot be read, and keeps trying', async () => {
    const tls = { caFile: 'no/ca.crt', certFile: 'no/a.crt', keyFile: 'no/a.key' };
    const a = link('mqtts://127.0.0.1:9', { tls });
    await eventually(() => expect(a.link.stats().state).toBe('waiting'));
    for (const file of Object.values(tls)) expect(a.link.stats().lastError).toContain(file);
  });

  it.each(['http://a:1', 'mqtt://a', 'mqtts://a:1', 'mqtt://u:p@a:1', 'broker'])('refuses the address %s', (url) => {
    expect(() => link(url)).toThrow(expect.objectContaining({ code: 'mqtt.url' }));
  });
});

describe.skipIf(mosquittoMissing)('connectMqtt on Mosquitto', () => {
  it('speaks MQTT 5, and keeps to the size that the broker announces', async () => {
    const broker = await startMosquitto(['max_packet_size 1000']);
    closing.push(() => broker.close());
    const a = link(`mqtt://127.0.0.1:${broker.port}`);
    await a.online;
    expect(a.link.stats().protocol).toBe(5);
    await a.link.publish('t', new Uint8Array(900), { retain: false });
    await expect(a.link.publish('t', new Uint8Array(1_100), { retain: false })).rejects.toMatchObject({
      code: 'mqtt.too-large',
    });
    expect(a.link.connected()).toBe(true);
  });

  it('keeps to the receive maximum of the broker', async () => {
    const broker = await startMosquitto(['max_inflight_messages 3']);
    closing.push(() => broker.close());
    const a = link(`mqtt://127.0.0.1:${broker.port}`);
    await a.online;
    await a.link.subscribe('t');
    await Promise.all(
      Array.from({ length: 200 }, (_, i) => a.link.publish('t', Buffer.from(`${i}`), { retain: false })),
    );
    await eventually(() => expect(a.seen).toHaveLength(200));
    expect(a.link.stats().connects).toBe(1);
  });

  it('works again after kill -9 of a broker that forgot its sessions', async () => {
    const broker = await startMosquitto();
    closing.push(() => broker.close());
    let connects = 0;
    const a = link(
      `mqtt://127.0.0.1:${broker.port}`,
      { cleanSession: false },
      { onConnect: () => void (connects += 1) },
    );
    await a.online;
    await a.link.subscribe('t');
    await broker.kill();
    await broker.start();
    await eventually(() => expect(connects).toBe(2));
    await a.link.publish('t', Buffer.from('after'), { retain: false });
    await eventually(() => expect(a.seen).toEqual(['t after']));
    expect(a.link.stats().protocol).toBe(5);
  });

  it('shares a subscription: each message goes to one member of the group', async () => {
    const broker = await startMosquitto();
    closing.push(() => broker.close());
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const workers = ['w1', 'w2'].map((clientId) => link(url, { clientId }));
    const device = link(url, { clientId: 'device' });
    await Promise.all([...workers, device].map(({ online }) => online));
    for (const worker of workers) await worker.link.subscribe('$share/ingest/t/+');
    for (let i = 0; i < 20; i++) await device.link.publish('t/a', Buffer.from(`${i}`), { retain: false });
    await eventually(() => expect(workers.flatMap(({ seen }) => seen)).toHaveLength(20));
    expect(new Set(workers.flatMap(({ seen }) => seen)).size).toBe(20);
    for (const { seen } of workers) expect(seen.length).toBeGreaterThan(0);
  });

  it('gets from a kept session what came while it was away', async () => {
    const broker = await startMosquitto();
    closing.push(() => broker.close());
    const url = `mqtt://127.0.0.1:${broker.port}`;
    const first = link(url, { clientId: 'worker', cleanSession: false });
    const device = link(url, { clientId: 'device' });
    await Promise.all([first.online, device.online]);
    await first.link.subscribe('t');
    await first.link.close();
    await device.link.publish('t', Buffer.from('meanwhile'), { retain: false });
    const second = link(url, { clientId: 'worker', cleanSession: false });
    await eventually(() => expect(second.seen).toEqual(['t meanwhile']));
  });
});
