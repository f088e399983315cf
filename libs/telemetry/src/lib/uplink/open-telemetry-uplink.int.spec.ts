import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import {
  createRandom,
  fleetFilter,
  fleetTopic,
  identityName,
  parseFleetTopic,
  silentLogger,
  systemClock,
} from '@edge-blueprints/contracts';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { connectMqtt } from './mqtt-link.js';
import { openTelemetryUplink, type TelemetryUplink } from './open-telemetry-uplink.js';
import { createReferenceIngest } from './testing/reference-ingest.js';
import { mosquittoMissing, startMosquitto } from './testing/mosquitto.js';
import { uplinkConfigSchema } from './uplink-config.js';

const identity = { site: 'site-01', device: 'device-0001' };
const closing: (() => Promise<unknown> | unknown)[] = [];
/** Long, for a machine that has other work; it returns as soon as it can. */
const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000 });
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const deps = { clock: systemClock, random: createRandom(1), log: silentLogger };

async function startDevice(port: number, folder: string): Promise<TelemetryUplink> {
  const uplink = await openTelemetryUplink(
    uplinkConfigSchema.parse({
      url: `mqtt://127.0.0.1:${port}`,
      ...identity,
      ackTimeoutMs: 1_000,
      outbox: { file: join(folder, 'outbox.sqlite'), groupMs: 50 },
    }),
    { ...deps, simulated: true },
  );
  closing.push(() => uplink.close());
  return uplink;
}

/** The hub's side on a real connection: commits in memory, then acknowledges. */
function startIngest(port: number) {
  const ingest = createReferenceIngest({ check: true });
  const epochs = new Set<string>();
  const link = connectMqtt(
    {
      url: `mqtt://127.0.0.1:${port}`,
      clientId: 'ingest',
      tls: null,
      will: null,
      cleanSession: true,
      keepaliveSeconds: 5,
    },
    {
      onConnect: () => undefined,
      onDisconnect: () => undefined,
      onMessage(topic, payload) {
        const from = parseFleetTopic(topic);
        const ack = from && ingest.take(identityName(from), payload);
        if (!from || !ack) return;
        epochs.add(ack.epoch);
        void link
          .publish(fleetTopic(from, 'ack'), Buffer.from(JSON.stringify(ack)), { retain: false })
          .catch(() => undefined);
      },
    },
    { ...deps, limits: { reconnectBaseMs: 20, reconnectCapMs: 100 } },
  );
  closing.push(() => link.close());
  link.subscribe(fleetFilter('tlm')).catch(() => undefined);
  return { ingest, epochs, link };
}

const audit = (n: number) =>
  ({
    type: 'edge-blueprints.audit.v1',
    deliveryClass: n % 5 === 0 ? 'critical' : 'business',
    data: { who: 'a', action: 'b', target: `${n}`, reason: 'ü' },
  }) as const;

async function folderOf(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'uplink-'));
  closing.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

describe('a telemetry uplink on the embedded kind of broker', () => {
  it('delivers from a file, over a cut and over a restart of the device, each event once', async () => {
    const broker = await Aedes.createBroker();
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket.on('error', () => undefined));
      broker.handle(socket);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
      return new Promise<void>((resolve) => broker.close(() => resolve()));
    });
    const { port } = server.address() as AddressInfo;
    const folder = await folderOf();
    const { ingest, epochs } = startIngest(port);
    const first = await startDevice(port, folder);
    for (let i = 0; i < 100; i++) await first.append(audit(i));
    await eventually(() => expect(ingest.events()).toBe(100));
    for (const socket of sockets) socket.resetAndDestroy();
    for (let i = 100; i < 150; i++) await first.append(audit(i));
    await first.close();
    const second = await startDevice(port, folder);
    await second.append(audit(150));
    await eventually(() => expect(ingest.events()).toBe(151));
    const [epoch] = epochs;
    expect(epochs.size).toBe(1);
    expect(ingest.stream('site-01.device-0001', epoch ?? '')).toMatchObject({ missing: 0, highest: 151 });
    await eventually(async () => expect((await second.view()).delivered).toBe(151));
    expect(await second.view()).toMatchObject({
      state: 'connected',
      pending: { critical: 0, business: 0, metric: 0 },
      declaredLost: 0,
      criticalFull: false,
    });
  });

  it('refuses to start without its certificates, naming each', async () => {
    const folder = await folderOf();
    const tls = { caFile: 'no/ca.crt', certFile: 'no/a.crt', keyFile: 'no/a.key' };
    const config = uplinkConfigSchema.parse({
      url: 'mqtts://127.0.0.1:9',
      ...identity,
      tls,
      outbox: { file: join(folder, 'outbox.sqlite') },
    });
    await expect(openTelemetryUplink(config, { ...deps, simulated: true })).rejects.toMatchObject({
      code: 'mqtt.tls-file',
      message: expect.stringMatching(/ca\.crt.*a\.crt.*a\.key/),
    });
  });
});

describe.skipIf(mosquittoMissing)('a telemetry uplink on Mosquitto', () => {
  it('loses nothing when the broker is killed and forgets all it had acknowledged', async () => {
    const broker = await startMosquitto();
    closing.push(() => broker.close());
    const folder = await folderOf();
    const device = await startDevice(broker.port, folder);
    // Nobody takes the batches: the broker acknowledges them and drops them.
    for (let i = 0; i < 60; i++) await device.append(audit(i));
    await eventually(async () => expect((await device.stats()).uplink.batchesSent).toBeGreaterThan(0));
    await broker.kill();
    await broker.start();
    const { ingest, epochs } = startIngest(broker.port);
    await eventually(() => expect(ingest.events()).toBe(60));
    const [epoch = ''] = epochs;
    expect(ingest.stream('site-01.device-0001', epoch)).toMatchObject({ highest: 60, missing: 0, declared: [] });
    const { uplink, outbox } = await device.stats();
    expect(uplink.link.protocol).toBe(5);
    expect(outbox.pending.business + outbox.pending.critical).toBeLessThanOrEqual(60);
    await eventually(async () => expect((await device.stats()).outbox.delivered).toBe(60));
  });
});
