import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
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
import { connectMqtt, createReferenceIngest } from '@edge-blueprints/telemetry';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createFleet } from './fleet.js';
import { fleetOptionsSchema } from './fleet-options.js';

const closing: (() => Promise<unknown> | unknown)[] = [];
/** Long, for a machine that has other work; it returns as soon as it can. */
const eventually = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000 });
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function startHub() {
  const broker = await Aedes.createBroker({ concurrency: 1_000 });
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket.on('error', () => undefined));
    broker.handle(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `mqtt://127.0.0.1:${port}`;
  const ingest = createReferenceIngest({ check: true });
  const streams = new Map<string, string>();
  const link = connectMqtt(
    { url, clientId: 'ingest', tls: null, will: null, cleanSession: true, keepaliveSeconds: 60 },
    {
      onConnect: () => undefined,
      onDisconnect: () => undefined,
      onMessage(topic, payload) {
        const from = parseFleetTopic(topic);
        const ack = from && ingest.take(identityName(from), payload);
        if (!from || !ack) return;
        streams.set(identityName(from), ack.epoch);
        const answer = Buffer.from(JSON.stringify(ack));
        void link.publish(fleetTopic(from, 'ack'), answer, { retain: false }).catch(() => undefined);
      },
    },
    {
      clock: systemClock,
      random: createRandom(1),
      log: silentLogger,
      limits: { reconnectBaseMs: 20, reconnectCapMs: 100 },
    },
  );
  link.subscribe(fleetFilter('tlm')).catch(() => undefined);
  closing.push(
    () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      return new Promise<void>((resolve) => broker.close(() => resolve()));
    },
    () => link.close(),
  );
  return { url, ingest, streams, drop: () => sockets.forEach((socket) => socket.resetAndDestroy()) };
}

describe('a fleet of simulated devices', { timeout: 30_000 }, () => {
  it('sends valid events of all kinds, comes back from a storm and from a broker that dropped it, and loses nothing', async () => {
    const { url, ingest, streams, drop } = await startHub();
    const events: Readonly<Record<string, unknown>>[] = [];
    const fleet = createFleet(
      fleetOptionsSchema.parse({
        url,
        devices: 20,
        sites: 2,
        rate: 200,
        metricsSeconds: 1,
        driftSeconds: 1,
        connectRate: 1_000,
      }),
      { clock: systemClock, random: createRandom(1), emit: (event) => events.push(event) },
    );
    closing.push(() => fleet.close());
    await eventually(() => expect(fleet.report()).toMatchObject({ connected: 20, devices: 20 }));
    await eventually(() => expect(ingest.events()).toBeGreaterThan(200));
    expect(await fleet.storm(10_000)).toMatchObject({ connected: 20, ms: expect.any(Number) });
    drop();
    await eventually(() => expect(events.map(({ event }) => event)).toContain('recovered'));
    fleet.setRate(0);
    await eventually(() => expect(fleet.report().connected).toBe(20));
    expect(streams.size).toBe(20);
    expect([...streams.keys()].sort()[0]).toBe('site-01.device-0001');
    expect(ingest.refused() + ingest.malformed()).toBe(0);
    for (const [name, epoch] of streams) expect(ingest.stream(name, epoch).highest).toBeGreaterThan(0);
    await fleet.close();
    const { appended, acknowledged, ackLatency } = fleet.report();
    expect(acknowledged).toBeGreaterThan(200);
    expect(acknowledged).toBeLessThanOrEqual(appended);
    expect(ackLatency.count).toBeGreaterThan(50);
  });
});
