import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger, systemClock } from '@edge-blueprints/contracts';
import {
  connectRawClient,
  packetTypes,
  pingPacket,
  publishPacket,
  type RawMqttClient,
  readPublish,
  subscribePacket,
} from '@edge-blueprints/broker/testing';
import { mosquittoFiles, mosquittoRights, writeMosquittoFiles } from './mosquitto-files.js';
import { carryRevocationsToMosquitto } from './mosquitto-revocation.js';
import { openRevocationList, type RevocationList } from './revocation-list.js';
import { type CertificateFolder, siteCaFiles } from './site-ca.js';
import { type CaFixture, holding, makeCa, openTls } from './testing/ca-fixture.js';

const program = ['/usr/sbin/mosquitto', 'mosquitto'].find((path) => spawnSync(path, ['-h']).error === undefined);
if (program === undefined) {
  if (process.env['CI'] === 'true') throw new Error('CI needs Mosquitto: apt-get install mosquitto');
  process.stderr.write('Mosquitto is not installed: the tests against it are left out (apt-get install mosquitto)\n');
}

let fixture: CaFixture;
let out = '';
let port = 0;
let mosquitto: ChildProcess | undefined;
let output = '';
let revocations: RevocationList;
const files = new Map<string, CertificateFolder>();
const clients: RawMqttClient[] = [];

const devices = [1, 2, 3, 4].map((line) => `north.line-${line}`);
beforeAll(async () => {
  if (program === undefined) return;
  fixture = await makeCa();
  out = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  port = await freePort();
  await fixture.ca.hub(['127.0.0.1']);
  const issued = [
    ...(await fixture.issue(...devices)),
    ...(await fixture.ca.issue({ kind: 'worker', names: ['hub.ingest-1'], replace: false, by: 'test' })),
  ];
  for (const folder of issued) files.set(folder.name, folder);
  await fixture.ca.writeCrl();
  const controlSocket = join(out, 'control.sock');
  writeMosquittoFiles(out, { caFolder: fixture.folder, port, controlSocket, certificates: fixture.ca.list() });
  const config = join(out, mosquittoFiles.config);
  // Started by root it would become another user, who cannot read the temporary folder.
  appendFileSync(config, `\nuser ${userInfo().username}\n`);
  mosquitto = spawn(program, ['-c', config, '-v'], { stdio: ['ignore', 'pipe', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (/mosquitto version \S+ running/.test(output)) resolve();
    };
    mosquitto?.stdout?.on('data', read);
    mosquitto?.stderr?.on('data', read);
    mosquitto?.on('exit', () => reject(new Error(`Mosquitto ended: ${output}`)));
  });
  revocations = openRevocationList({
    file: join(fixture.folder, siteCaFiles.revocations),
    clock: systemClock,
    log: silentLogger,
  });
});
afterAll(async () => {
  for (const client of clients) client.destroy();
  if (program === undefined) return;
  revocations.close();
  const ended = new Promise((resolve) => mosquitto?.once('exit', resolve));
  mosquitto?.kill();
  await ended;
  rmSync(out, { recursive: true, force: true });
  fixture.end();
});

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
const tlsOf = (name: string): ConnectionOptions => {
  const folder = files.get(name);
  if (folder === undefined) throw new Error(`no certificate of ${name}`);
  return holding(folder);
};
async function joinAs(name: string, clientId = name): Promise<RawMqttClient> {
  const { client, returnCode } = await connectRawClient(await openTls(port, tlsOf(name)), { clientId });
  clients.push(client);
  expect(returnCode).toBe(0);
  return client;
}
async function attempt(tls: ConnectionOptions, clientId: string): Promise<number | 'cut'> {
  try {
    const { client, returnCode } = await connectRawClient(await openTls(port, tls), { clientId });
    client.destroy();
    return returnCode;
  } catch {
    return 'cut';
  }
}
async function joinHub(): Promise<RawMqttClient> {
  const hub = await joinAs('hub.ingest-1');
  hub.send(subscribePacket('$share/ingest/edge/v1/+/+/tlm'));
  expect((await hub.receive(packetTypes.suback)).body[2]).toBe(1);
  return hub;
}
const publish = async (client: RawMqttClient, topic: string, text: string): Promise<void> => {
  client.send(publishPacket(topic, Buffer.from(text)));
  await client.receive(packetTypes.puback);
};
const next = async (client: RawMqttClient): Promise<string> => {
  const { topic, payload, id } = readPublish(await client.receive(packetTypes.publish));
  if (id !== null) client.send(Buffer.from([0x40, 2, id >> 8, id & 0xff]));
  return `${topic} ${payload.toString()}`;
};

describe.skipIf(program === undefined)('Mosquitto with the files of site-ca', () => {
  it('opens the TLS port and the control socket, and nothing else', () => {
    const opened = output.match(/Opening .*/g) ?? [];
    expect(opened.filter((line) => !line.includes(`port ${port}.`) && !line.includes('control.sock'))).toEqual([]);
    expect(opened.length).toBeGreaterThan(1);
  });

  it('lets each device speak for itself only, whatever it asks for', async () => {
    const hub = await joinHub();
    const [a, b] = [await joinAs('north.line-1'), await joinAs('north.line-2')];
    for (const filter of ['#', '$SYS/#', 'edge/v1/+/+/ack', 'edge/v1/north/line-2/ack', 'edge/v1/north/line-2/tlm']) {
      a.send(subscribePacket(filter));
      await a.receive(packetTypes.suback);
    }
    a.send(subscribePacket('edge/v1/north/line-1/ack'));
    b.send(subscribePacket('edge/v1/north/line-2/ack'));
    await Promise.all([a.receive(packetTypes.suback), b.receive(packetTypes.suback)]);
    // Mosquitto answers a forbidden QoS 1 publish of MQTT 3.1.1 with PUBACK and drops it.
    for (const topic of ['edge/v1/north/line-2/tlm', 'edge/v1/north/line-2/status', 'edge/v1/north/line-2/ack'])
      await publish(a, topic, 'forged');
    await publish(b, 'edge/v1/north/line-2/tlm', 'own');
    expect(await next(hub)).toBe('edge/v1/north/line-2/tlm own');
    await publish(hub, 'edge/v1/north/line-2/ack', '{"to":"b"}');
    await publish(hub, 'edge/v1/north/line-1/ack', '{"to":"a"}');
    expect(await next(b)).toBe('edge/v1/north/line-2/ack {"to":"b"}');
    // The first that A hears is its own.
    expect(await next(a)).toBe('edge/v1/north/line-1/ack {"to":"a"}');
  });

  it('takes the certificate for the client id, so that no device can push another out', async () => {
    const b = await joinAs('north.line-2');
    await joinAs('north.line-1', 'north.line-2');
    await publish(b, 'edge/v1/north/line-2/tlm', 'still here');
    expect(output).toMatch(/New client connected from .* as north\.line-1 \(/);
  });

  it('gives whoever sits at the control socket no topic at all', async () => {
    const hub = await joinHub();
    const good = await joinAs('north.line-2');
    const { client } = await connectRawClient(connect(join(out, 'control.sock')), { clientId: 'x' });
    clients.push(client);
    client.send(subscribePacket('#'));
    await client.receive(packetTypes.suback);
    await publish(client, 'edge/v1/north/line-2/tlm', 'forged');
    await publish(client, 'anything', 'at all');
    await publish(good, 'edge/v1/north/line-2/tlm', 'own');
    expect(await next(hub)).toBe('edge/v1/north/line-2/tlm own');
    // Its own subscription to everything brings nothing before the answer to a ping, which comes last.
    client.send(pingPacket);
    await client.receive(packetTypes.pingresp);
    expect(client.pending(packetTypes.publish)).toBe(0);
  });

  it('names nobody but the user that cannot exist when every device is revoked', () => {
    const all = fixture.ca.list().map((entry) => ({ ...entry, state: 'revoked' as const }));
    expect(mosquittoRights(all)).toMatch(/^user -nobody-$/m);
    expect(mosquittoRights(all)).not.toMatch(/edge\/v1/);
  });

  it('refuses no certificate, another CA, an ended one, old TLS, and packets that are too large', async () => {
    const other = await makeCa();
    const [foreign] = await other.issue('north.line-1');
    fixture.clock.days = -120;
    const [ended] = await fixture.ca.issue({ kind: 'device', names: ['north.old'], replace: true, by: 'test' });
    fixture.clock.days = 0;
    const own = tlsOf('north.line-1');
    const trust = { ...(own.ca === undefined ? {} : { ca: own.ca }) };
    if (foreign === undefined || ended === undefined) throw new Error('nothing was issued');
    expect(await attempt(trust, 'north.line-1')).toBe('cut');
    expect(await attempt({ ...holding(foreign), ...trust }, 'north.line-1')).toBe('cut');
    expect(await attempt(holding(ended), 'north.old')).toBe('cut');
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await attempt({ ...own, ...old }, 'north.line-1')).toBe('cut');
    await expect(openTls(port, { ...own, servername: 'hub.example' })).rejects.toThrow(/altnames/);
    const device = await joinAs('north.line-1');
    device.send(publishPacket('edge/v1/north/line-1/tlm', Buffer.alloc(300_000, 0x20)));
    await device.closed();
    other.end();
  });

  it('drops a revoked device within 10 s, refuses its return, and leaves the others alone', async () => {
    const root = join(import.meta.dirname, '../../../..');
    const entry = join(import.meta.dirname, 'site-ca-main.ts');
    const watching = spawn(
      process.execPath,
      [
        ...[join(root, 'tools/run.mjs'), entry, 'watch', '--folder', fixture.folder],
        ...['--out', out, '--control', join(out, 'control.sock')],
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const ended = new Promise((resolve) => watching.once('exit', resolve));
    try {
      await new Promise((resolve) => watching.stdout.once('data', resolve));
      const hub = await joinHub();
      const [bad, good] = [await joinAs('north.line-3'), await joinAs('north.line-2')];
      await publish(bad, 'edge/v1/north/line-3/tlm', 'before');
      expect(await next(hub)).toBe('edge/v1/north/line-3/tlm before');
      const startedMs = performance.now();
      await fixture.ca.revoke('north.line-3', 'ann', 'stolen');
      await bad.closed();
      expect(performance.now() - startedMs).toBeLessThan(10_000);
      await expect
        .poll(() => attempt(tlsOf('north.line-3'), 'north.line-3'), { timeout: 5_000, interval: 200 })
        .toBe('cut');
      await publish(good, 'edge/v1/north/line-2/tlm', 'after');
      expect(await next(hub)).toBe('edge/v1/north/line-2/tlm after');
    } finally {
      watching.kill('SIGTERM');
      await ended;
    }
  }, 60_000);

  it('lets a device in that was issued while the broker runs', async () => {
    const carried = carryRevocationsToMosquitto({
      revocations,
      caFolder: fixture.folder,
      out,
      controlSocket: join(out, 'control.sock'),
      clock: systemClock,
      log: silentLogger,
      cutAfterMs: [],
      lookMs: 50,
    });
    const [issued] = await fixture.issue('north.line-5');
    if (issued !== undefined) files.set('north.line-5', issued);
    const [hub, device] = [await joinHub(), await joinAs('north.line-5')];
    await expect
      .poll(
        async () => {
          await publish(device, 'edge/v1/north/line-5/tlm', 'new');
          return hub.pending(packetTypes.publish);
        },
        { timeout: 10_000, interval: 100 },
      )
      .toBeGreaterThan(0);
    expect(await next(hub)).toBe('edge/v1/north/line-5/tlm new');
    await carried.close();
  });

  it('silences a revoked device also where the key of the CA is kept elsewhere', async () => {
    const key = join(fixture.folder, siteCaFiles.key);
    renameSync(key, `${key}.away`);
    const carried = carryRevocationsToMosquitto({
      revocations,
      caFolder: fixture.folder,
      out,
      controlSocket: join(out, 'control.sock'),
      clock: systemClock,
      log: silentLogger,
      cutAfterMs: [200],
    });
    await carried.settled();
    const hub = await joinHub();
    const [bad, good] = [await joinAs('north.line-4'), await joinAs('north.line-2')];
    revocations.revoke({ name: 'north.line-4', by: 'ann', reason: 'stolen' });
    await bad.closed();
    await carried.settled();
    const back = await joinAs('north.line-4');
    await publish(back, 'edge/v1/north/line-4/tlm', 'from a thief');
    await publish(good, 'edge/v1/north/line-2/tlm', 'honest');
    expect(await next(hub)).toBe('edge/v1/north/line-2/tlm honest');
    await carried.close();
    renameSync(`${key}.away`, key);
  });
});
