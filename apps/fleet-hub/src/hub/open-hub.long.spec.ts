import { systemClock } from '@edge-blueprints/contracts';
import { afterEach, describe, expect, it } from 'vitest';
import { makeCa } from '../identity/testing/ca-fixture.js';
import { postgresqlPrograms, startPostgresqlCluster } from '../store/testing/postgresql-cluster.js';
import { openHub } from './open-hub.js';
import { signIn, testConfig, testDeps, testDevice, testFolder } from './testing/hub-fixture.js';
import { mosquittoMissing, startMosquitto } from './testing/mosquitto.js';

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

describe('the hub', () => {
  it('takes in what a device holds, acknowledges it, and shows it without a hole', async () => {
    const place = folder();
    const hub = await openHub(testConfig(place), testDeps());
    later(hub.close);
    const device = await testDevice(`mqtt://127.0.0.1:${hub.mqttPort}`, { site: 'plant', device: 'press' }, place);
    later(device.uplink.close);
    await device.parts(120);
    expect(await device.drained(40_000)).toBe(true);
    const api = await signIn(hub.pagePort ?? 0);
    expect(await api.get('/api/devices/plant/press')).toMatchObject({
      row: { health: 'ok', declaredLost: 0 },
      online: true,
      verdicts: { pass: 108, reject: 12 },
      epochs: [{ highest: 120, delivered: 120, missing: 0, contiguous: true }],
    });
    expect(await api.get('/api/fleet')).toMatchObject({ devices: 1, incomplete: 0 });
    expect(await api.get('/api/devices?search=press')).toMatchObject({ total: 1 });
    const metrics = await api.text('/metrics');
    expect(metrics).toContain('hub_devices{health="ok"} 1');
    expect(metrics).toMatch(/hub_ingest_commit_duration_count [1-9]/);
  }, 120_000);

  it('speaks mutual TLS, and shuts a revoked device out within ten seconds', async () => {
    const place = folder();
    const { ca, end, folder: caFolder } = await makeCa();
    later(end);
    const server = await ca.hub(['localhost', '127.0.0.1']);
    const [worker] = await ca.issue({ kind: 'worker', names: ['hub.ingest'], replace: false, by: 'test' });
    const devices = await ca.issue({
      kind: 'device',
      names: ['plant.press', 'plant.weld'],
      replace: false,
      by: 'test',
    });
    const tls = {
      ...{ caFile: server.caFile, certFile: server.certFile, keyFile: server.keyFile },
      ...{ workerCertFile: worker?.certFile, workerKeyFile: worker?.keyFile },
    };
    const identity = { revocationsFile: `${caFolder}/revocations.jsonl` };
    const hub = await openHub(testConfig(place, { broker: { kind: 'embedded', port: 0, tls }, identity }), testDeps());
    later(hub.close);
    const open = async (name: string) => {
      const files = devices.find((each) => each.name === `plant.${name}`);
      const { caFile = '', certFile = '', keyFile = '' } = files ?? {};
      const material = { caFile, certFile, keyFile: keyFile ?? '' };
      const url = `mqtts://localhost:${hub.mqttPort}`;
      const device = await testDevice(url, { site: 'plant', device: name }, place, material);
      later(device.uplink.close);
      return device;
    };
    const [press, weld] = [await open('press'), await open('weld')];
    await press.parts(3);
    await weld.parts(3);
    expect(await press.drained(40_000)).toBe(true);
    expect(await weld.drained(40_000)).toBe(true);
    const api = await signIn(hub.pagePort ?? 0);
    const beganMs = systemClock.monotonicMs();
    expect(await api.post('/api/devices/plant/press/revoke', { reason: 'stolen in a test' })).toBe(200);
    for (let state = ''; state !== 'offline'; state = (await press.uplink.stats()).uplink.state)
      await new Promise((resolve) => setTimeout(resolve, 20));
    expect(systemClock.monotonicMs() - beganMs).toBeLessThan(10_000);
    await press.parts(3);
    await weld.parts(3);
    expect(await weld.drained(40_000)).toBe(true);
    expect(await press.drained(500)).toBe(false);
    expect(await api.get('/api/devices/plant/press')).toMatchObject({
      row: { health: 'revoked' },
      verdicts: { pass: 3 },
    });
  }, 120_000);

  const programs = postgresqlPrograms();
  const missing = mosquittoMissing || (programs === undefined && process.env['CI'] === undefined);
  it.skipIf(missing)(
    'shares the work between two ingest workers behind Mosquitto, on PostgreSQL',
    async () => {
      const place = folder();
      const cluster = await startPostgresqlCluster(programs ?? '');
      later(cluster.stop);
      const mosquitto = await startMosquitto(place);
      later(mosquitto.stop);
      const { host, port, database, user } = cluster.options;
      const config = testConfig(place, {
        store: { kind: 'postgresql', host, port, database, user },
        broker: { kind: 'mqtt', url: mosquitto.url },
      });
      const [web, one, two] = await Promise.all([
        openHub(config, testDeps({ role: 'web' })),
        openHub(config, testDeps({ role: 'ingest', worker: 'ingest-1' })),
        openHub(config, testDeps({ role: 'ingest', worker: 'ingest-2' })),
      ]);
      for (const hub of [web, one, two]) later(hub.close);
      const names = ['a', 'b', 'c', 'd'];
      const devices = await Promise.all(
        names.map((name) => testDevice(mosquitto.url, { site: 'plant', device: name }, place)),
      );
      for (const { uplink } of devices) later(uplink.close);
      for (let round = 0; round < 10; round++) {
        await Promise.all(devices.map((device) => device.parts(10)));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      for (const device of devices) expect(await device.drained(40_000)).toBe(true);
      const worked = [one, two].map((hub) => hub.ingest()?.stats.events ?? 0);
      expect(worked.every((n) => n > 0)).toBe(true);
      expect(worked.reduce((a, b) => a + b, 0)).toBe(400);
      const api = await signIn(web.pagePort ?? 0);
      expect(await api.get('/api/fleet')).toMatchObject({ devices: 4, incomplete: 0 });
      for (const name of names)
        expect(await api.get(`/api/devices/plant/${name}`)).toMatchObject({
          verdicts: { pass: 90, reject: 10 },
          epochs: [{ delivered: 100, missing: 0 }],
        });
    },
    90_000,
  );

  it('refuses roles that one process alone can have', async () => {
    const place = folder();
    await expect(openHub(testConfig(place), testDeps({ role: 'ingest' }))).rejects.toMatchObject({ code: 'hub.role' });
  });
});
