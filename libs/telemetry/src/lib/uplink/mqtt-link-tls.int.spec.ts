import { once } from 'node:events';
import { copyFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import { Aedes } from 'aedes';
import { createRandom, silentLogger, systemClock } from '@edge-blueprints/contracts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectMqtt } from './mqtt-link.js';
import type { MqttLink, MqttLinkOptions } from './mqtt-port.js';
import { createTestAuthority, opensslMissing } from './testing/test-certificates.js';

const closing: (() => Promise<unknown> | unknown)[] = [];
/** Long, for a machine that has other work; it returns as soon as it can. */
const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000 });
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A broker that demands a certificate of its CA, and tells whose certificates it has seen. */
async function setUp() {
  const folder = await mkdtemp(join(tmpdir(), 'tls-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  const authority = await createTestAuthority(folder);
  const server = await authority.issue('hub');
  const broker = await Aedes.createBroker();
  const sockets = new Set<TLSSocket>();
  const serials: string[] = [];
  const listener = createServer(
    {
      ca: await readFile(authority.caFile),
      cert: await readFile(server.certFile),
      key: await readFile(server.keyFile),
      requestCert: true,
      rejectUnauthorized: true,
    },
    (socket) => {
      sockets.add(socket.on('error', () => undefined));
      serials.push(socket.getPeerCertificate().serialNumber);
      broker.handle(socket);
    },
  );
  listener.on('tlsClientError', () => undefined);
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  closing.push(() => {
    for (const socket of sockets) socket.destroy();
    listener.close();
    return new Promise<void>((resolve) => broker.close(() => resolve()));
  });
  const { port } = listener.address() as AddressInfo;
  return { folder, authority, port, serials, drop: () => sockets.forEach((socket) => socket.destroy()) };
}

function link(port: number, tls: MqttLinkOptions['tls'], host = '127.0.0.1'): MqttLink {
  const opened = connectMqtt(
    { url: `mqtts://${host}:${port}`, clientId: 'a.b', tls, will: null, cleanSession: true, keepaliveSeconds: 30 },
    { onConnect: () => undefined, onDisconnect: () => undefined, onMessage: () => undefined },
    {
      clock: systemClock,
      random: createRandom(1),
      log: silentLogger,
      limits: { reconnectBaseMs: 20, reconnectCapMs: 100 },
    },
  );
  closing.push(() => opened.close());
  return opened;
}

describe.skipIf(opensslMissing)('connectMqtt with certificates', () => {
  it('shows its own, and shows the renewed one at the next connection', async () => {
    const { authority, port, serials, drop } = await setUp();
    const tls = await authority.issue('a.b');
    const a = link(port, tls);
    await eventually(() => expect(a.stats()).toMatchObject({ state: 'connected', protocol: 4 }));
    const renewed = await authority.issue('a.b', 'renewed');
    await copyFile(renewed.certFile, tls.certFile);
    await copyFile(renewed.keyFile, tls.keyFile);
    const old = serials.at(-1);
    drop();
    await eventually(() => expect(a.stats().connects).toBe(2));
    expect(serials.at(-1)).not.toBe(old);
  });

  it('trusts no hub of another CA', async () => {
    const { folder, authority, port } = await setUp();
    const other = await createTestAuthority(folder, 'other-ca');
    const tls = await authority.issue('a.b');
    const a = link(port, { ...tls, caFile: other.caFile });
    await eventually(() => expect(a.stats().lastError).toMatch(/certificate/));
    expect(a.stats()).toMatchObject({ protocol: null, connects: 0 });
  });

  it('trusts no hub whose certificate has another name', async () => {
    const { authority, port } = await setUp();
    const a = link(port, await authority.issue('a.b'), 'localhost');
    await eventually(() => expect(a.stats().lastError).toMatch(/altnames/));
    expect(a.stats().connects).toBe(0);
  });

  it('is refused without a certificate that the hub knows', async () => {
    const { folder, authority, port } = await setUp();
    const other = await createTestAuthority(folder, 'other-ca');
    const tls = await other.issue('a.b');
    const a = link(port, { ...tls, caFile: authority.caFile });
    await eventually(() => expect(a.stats().state).toBe('waiting'));
    expect(a.stats().connects).toBe(0);
  });
});
