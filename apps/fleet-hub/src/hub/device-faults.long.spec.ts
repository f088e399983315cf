import { connectPacket, openRawClient, packetTypes, publishPacket } from '@edge-blueprints/broker/testing';
import { silentLogger } from '@edge-blueprints/contracts';
import type { TelemetryEvent } from '@edge-blueprints/telemetry';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCa } from '../identity/testing/ca-fixture.js';
import { openPostgresqlStore } from '../store/postgresql.js';
import { postgresqlPrograms, startPostgresqlCluster } from '../store/testing/postgresql-cluster.js';
import { openHub } from './open-hub.js';
import { signIn, testConfig, testDeps, testDevice, testFolder } from './testing/hub-fixture.js';

const closers: (() => void | Promise<void>)[] = [];
const later = (close: () => void | Promise<void>): void => void closers.push(close);
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
const folder = () => {
  const made = testFolder();
  later(made.remove);
  return made;
};

/** Passes every schema of the wire; `base64` decides whether a database can take it. */
const labelCandidate = (n: number, base64: string): TelemetryEvent<'edge-blueprints.label-candidate.v1'> => ({
  type: 'edge-blueprints.label-candidate.v1',
  deliveryClass: 'business',
  data: {
    resultId: `l-${n}`,
    partId: `p-${n}`,
    verdict: 'reject',
    score: 0.9,
    stratum: 'reject',
    inclusionProbability: 0.5,
    bundleVersion: '1.0.0',
    detections: [],
    pictures: [{ role: 'test', mime: 'image/png', width: 1, height: 1, base64 }],
  },
});

describe('a hub and its devices', () => {
  it('go on behind an event that no database takes: it is set aside, told, and declared, and nothing waits behind it', async () => {
    const place = folder();
    const hub = await openHub(testConfig(place), testDeps());
    later(hub.close);
    const device = await testDevice(`mqtt://127.0.0.1:${hub.mqttPort}`, { site: 'plant', device: 'press' }, place);
    later(device.uplink.close);
    await device.parts(10);
    await device.uplink.append(labelCandidate(11, '%%%'));
    await device.parts(10);
    expect(await device.drained(60_000)).toBe(true);
    const api = await signIn(hub.pagePort ?? 0);
    // Number 22 is the gap record.
    expect(await api.get('/api/devices/plant/press')).toMatchObject({
      row: { declaredLost: 1 },
      verdicts: { pass: 18, reject: 2 },
      gaps: [{ from: 11, to: 11, cause: 'refused-by-hub' }],
      epochs: [{ highest: 22, delivered: 21, declared: 1, missing: 0, contiguous: true }],
    });
    // Once for each time that it was sent.
    expect(Object.keys(hub.ingest()?.stats.quarantined ?? {})).toEqual(['hub.event-unstorable']);
  }, 120_000);

  it('are not disturbed by one that floods the hub with rubbish: it is slowed down and counted, the others are served', async () => {
    const place = folder();
    const hub = await openHub(testConfig(place), testDeps());
    later(hub.close);
    const device = await testDevice(`mqtt://127.0.0.1:${hub.mqttPort}`, { site: 'plant', device: 'press' }, place);
    later(device.uplink.close);
    const loud = await openRawClient(hub.mqttPort ?? 0);
    later(() => loud.destroy());
    loud.send(connectPacket({ clientId: 'plant.loud' }));
    await loud.receive(packetTypes.connack);
    const flood = 3_000;
    const rubbish = Buffer.alloc(1_000, 0x7b);
    for (let id = 1; id <= flood; id += 1) loud.send(publishPacket('edge/v1/plant/loud/tlm', rubbish, { id }));
    const refused = () => hub.ingest()?.stats.batchesRefused['hub.batch-malformed'] ?? 0;
    await expect.poll(refused, { timeout: 30_000 }).toBeGreaterThan(0);
    await device.parts(50);
    expect(await device.drained(40_000)).toBe(true);
    expect(refused()).toBeLessThan(flood);
    const api = await signIn(hub.pagePort ?? 0);
    expect(await api.get('/api/devices/plant/press')).toMatchObject({
      epochs: [{ highest: 50, delivered: 50, declared: 0, missing: 0, contiguous: true }],
    });
  }, 120_000);

  it('part when its certificate ended while it was away, keep everything, and go on with the renewed one', async () => {
    const place = folder();
    const { ca, clock, end, folder: caFolder } = await makeCa();
    later(end);
    const server = await ca.hub(['localhost', '127.0.0.1']);
    const [worker] = await ca.issue({ kind: 'worker', names: ['hub.ingest'], replace: false, by: 'test' });
    const issue = async () => {
      const [files] = await ca.issue({ kind: 'device', names: ['plant.press'], replace: true, by: 'test' });
      return { caFile: files?.caFile ?? '', certFile: files?.certFile ?? '', keyFile: files?.keyFile ?? '' };
    };
    clock.days = -120;
    const files = await issue();
    clock.days = 0;
    const tls = {
      ...{ caFile: server.caFile, certFile: server.certFile, keyFile: server.keyFile },
      ...{ workerCertFile: worker?.certFile, workerKeyFile: worker?.keyFile },
    };
    const identity = { revocationsFile: `${caFolder}/revocations.jsonl` };
    const hub = await openHub(testConfig(place, { broker: { kind: 'embedded', port: 0, tls }, identity }), testDeps());
    later(hub.close);
    const url = `mqtts://localhost:${hub.mqttPort}`;
    const device = await testDevice(url, { site: 'plant', device: 'press' }, place, files);
    later(device.uplink.close);
    await device.parts(20);
    await expect
      .poll(async () => (await device.uplink.stats()).uplink.link.lastError, { timeout: 30_000 })
      .toMatch(/./);
    const api = await signIn(hub.pagePort ?? 0);
    expect(await api.get('/api/fleet')).toMatchObject({ devices: 0 });
    expect((await device.uplink.stats()).outbox.pending.business).toBe(20);
    // The same paths: a device reads its certificate again at every connection.
    expect(await issue()).toEqual(files);
    device.uplink.connectNow();
    expect(await device.drained(60_000)).toBe(true);
    expect(await api.get('/api/devices/plant/press')).toMatchObject({
      verdicts: { pass: 18, reject: 2 },
      epochs: [{ highest: 20, delivered: 20, declared: 0, missing: 0, contiguous: true }],
    });
  }, 120_000);
});

const programs = postgresqlPrograms();
describe.skipIf(programs === undefined && process.env['CI'] === undefined)('a hub whose PostgreSQL is slow', () => {
  it('holds devices back within its bounds while a row is locked, and loses nothing', async () => {
    const place = folder();
    const cluster = await startPostgresqlCluster(programs ?? '');
    later(cluster.stop);
    const { host, port, database, user } = cluster.options;
    const queueBytes = 1_000_000;
    const hub = await openHub(
      testConfig(place, { store: { kind: 'postgresql', host, port, database, user }, ingest: { queueBytes } }),
      testDeps(),
    );
    later(hub.close);
    const names = Array.from({ length: 8 }, (_, i) => `d${i}`);
    const devices = await Promise.all(
      names.map((name) => testDevice(`mqtt://127.0.0.1:${hub.mqttPort}`, { site: 'plant', device: name }, place)),
    );
    for (const { uplink } of devices) later(uplink.close);
    await Promise.all(devices.map((device) => device.parts(1)));
    for (const device of devices) expect(await device.drained(60_000)).toBe(true);

    const other = openPostgresqlStore(cluster.options, { log: silentLogger });
    later(() => other.close());
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let locked: () => void = () => undefined;
    const isLocked = new Promise<void>((resolve) => (locked = resolve));
    const lock = other.transaction(async (session) => {
      await session.query("SELECT id FROM device WHERE device = 'd0' FOR UPDATE");
      locked();
      await released;
    });
    later(async () => {
      release();
      await lock;
    });
    await isLocked;
    const picture = 'A'.repeat(100_000);
    await Promise.all(
      devices.map(async ({ uplink }) => {
        for (let n = 0; n < 10; n += 1) await uplink.append(labelCandidate(n, picture));
      }),
    );
    const stats = () => hub.ingest()?.stats;
    let most = 0;
    await expect
      .poll(
        () => {
          most = Math.max(most, stats()?.queuedBytes ?? 0);
          return stats()?.heldBack;
        },
        { timeout: 30_000 },
      )
      .toBeGreaterThan(0);
    for (let look = 0; look < 20; look += 1) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      most = Math.max(most, stats()?.queuedBytes ?? 0);
    }
    // Full, and at most one message beyond its bound.
    expect(most).toBeGreaterThanOrEqual(queueBytes);
    expect(most).toBeLessThan(queueBytes + 300_000);
    expect(stats()?.events).toBeLessThan(88);
    release();
    await lock;
    for (const device of devices) expect(await device.drained(60_000)).toBe(true);
    const api = await signIn(hub.pagePort ?? 0);
    expect(await api.get('/api/fleet')).toMatchObject({ devices: 8, incomplete: 0 });
    for (const name of names)
      expect(await api.get(`/api/devices/plant/${name}`)).toMatchObject({
        epochs: [{ highest: 11, delivered: 11, declared: 0, missing: 0, contiguous: true }],
      });
  }, 180_000);
});
