import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { promisify } from 'node:util';
import { wardMosquittoConfig, wardMosquittoRights, wardRightsFile } from '@edge-blueprints/broker';
import { connectRawClient, packetTypes, publishPacket, type RawMqttClient } from '@edge-blueprints/broker/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type GatewayBench, openGatewayBench } from './testing/gateway-bench.js';

const [program, openssl] = ['/usr/sbin/mosquitto', '/usr/bin/openssl'];
const missing = !existsSync(program) || !existsSync(openssl);
const run = promisify(execFile);
let folder = '';
let port = 0;
let broker: ChildProcess | undefined;
let bench: GatewayBench;
const clients: RawMqttClient[] = [];
const file = (name: string): string => join(folder, name);

async function authority(name: string): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '1'];
  await run(openssl, [
    'req',
    '-x509',
    ...key,
    '-subj',
    `/CN=${name}`,
    '-keyout',
    file(`${name}.key`),
    '-out',
    file(`${name}.crt`),
  ]);
}
async function issue(ca: string, name: string): Promise<void> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '1'];
  const signed = ['-x509', '-CA', file(`${ca}.crt`), '-CAkey', file(`${ca}.key`), '-subj', `/CN=${name}`];
  const names = ['-addext', 'subjectAltName=IP:127.0.0.1', '-addext', 'basicConstraints=CA:FALSE'];
  const out = `${ca === 'ca' ? '' : `${ca}.`}${name}`;
  await run(openssl, ['req', ...key, ...signed, ...names, '-keyout', file(`${out}.key`), '-out', file(`${out}.crt`)]);
}

beforeAll(async () => {
  if (missing) return;
  folder = mkdtempSync(join(tmpdir(), 'ward-mosquitto-'));
  await Promise.all([authority('ca'), authority('other')]);
  await Promise.all([
    ...['broker', 'hub.w-4', 'north.w-0001', 'north.w-0002'].map((name) => issue('ca', name)),
    issue('other', 'north.w-0001'),
  ]);
  port = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
  mkdirSync(file('state'));
  const devices = ['w-0001', 'w-0002'];
  writeFileSync(join(folder, 'state', wardRightsFile), wardMosquittoRights({ site: 'north', ward: 'w-4', devices }));
  const tls = { caFile: file('ca.crt'), certFile: file('broker.crt'), keyFile: file('broker.key') };
  const config = wardMosquittoConfig({ port, host: '127.0.0.1', folder: file('state'), ...tls });
  // Started by root it would become another user, who cannot read the temporary folder.
  writeFileSync(file('mosquitto.conf'), `${config}\nuser ${userInfo().username}\n`);
  const started = spawn(program, ['-c', file('mosquitto.conf'), '-v'], { stdio: ['ignore', 'pipe', 'pipe'] });
  broker = started;
  await new Promise<void>((resolve, reject) => {
    let output = '';
    for (const stream of [started.stdout, started.stderr])
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (/running/.test(output)) resolve();
      });
    started.once('exit', () => reject(new Error(`Mosquitto ended: ${output}`)));
  });
  bench = await openGatewayBench({
    alarms: { conditions: { 'spo2-low': { delayMs: 0 } } },
    admissions: [1, 2].map((n) => ({ bed: `bed/0${n}`, device: `w-000${n}`, name: 'Canary', ageYears: 70 })),
    broker: {
      ...{ kind: 'mqtt', url: `mqtts://127.0.0.1:${port}` },
      tls: { caFile: file('ca.crt'), certFile: file('hub.w-4.crt'), keyFile: file('hub.w-4.key') },
    },
  });
}, 60_000);
afterAll(async () => {
  if (missing) return;
  for (const client of clients) client.destroy();
  await bench.close();
  const ended = new Promise((resolve) => broker?.once('exit', resolve));
  broker?.kill();
  await ended;
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

async function joinAs(name: string, certificate = name) {
  const read = (ending: string): Buffer => readFileSync(file(`${certificate}.${ending}`));
  const socket = connect({
    host: '127.0.0.1',
    port,
    ca: readFileSync(file('ca.crt')),
    cert: read('crt'),
    key: read('key'),
  });
  const device = name.slice('north.'.length);
  const will = { topic: `hc/v1/north/w-4/dev/${device}/state`, payload: '{"boot":"b1","online":false}', retain: true };
  const { client, returnCode } = await connectRawClient(socket, { clientId: name, will });
  clients.push(client);
  expect(returnCode).toBe(0);
  let seq = 0;
  return {
    client,
    /** @returns when the broker has it */
    async sample(of: string, v: number): Promise<void> {
      const body = { boot: 'b1', seq, tDevMs: Date.now(), v, q: 95, status: [] };
      seq += 1;
      const topic = `hc/v1/north/w-4/dev/${of}/spo2`;
      client.send(publishPacket(topic, Buffer.from(JSON.stringify(body)), { id: seq }));
      await client.receive(packetTypes.puback);
    },
  };
}
const accepted = (): number => bench.gateway().figures().ingest.accepted;

describe.skipIf(missing)('a ward on Mosquitto with mutual TLS', () => {
  it('hears a wearable under its own id only, and lets nobody in with a certificate of another CA', async () => {
    await expect.poll(async () => (await bench.view()).gateway.brokerLost, { timeout: 10_000 }).toBe(false);
    const one = await joinAs('north.w-0001');
    const two = await joinAs('north.w-0002');
    await one.sample('w-0002', 50);
    await one.sample('w-0001', 96);
    await expect.poll(accepted, { timeout: 10_000 }).toBe(1);
    await two.sample('w-0002', 97);
    await expect.poll(accepted, { timeout: 10_000 }).toBe(2);
    const { beds } = await bench.view();
    await expect
      .poll(async () => (await bench.view()).beds[1]?.readings.oxygenSaturation.value, { timeout: 10_000 })
      .toBe(97);
    expect(beds.map(({ readings }) => readings.oxygenSaturation.value)).not.toContain(50);
    await expect(joinAs('north.w-0001', 'other.north.w-0001')).rejects.toThrow();
    await one.sample('w-0001', 96);
    await expect.poll(accepted, { timeout: 10_000 }).toBe(3);
  }, 30_000);

  it('tells the last will of a wearable whose connection broke', async () => {
    const one = await joinAs('north.w-0001');
    await one.sample('w-0001', 96);
    one.client.destroy();
    await bench.alarm('device-link-lost', 'bed/01');
  }, 30_000);

  it('keeps what came while the gateway was away, in its session', async () => {
    const two = await joinAs('north.w-0002');
    await two.sample('w-0002', 97);
    await bench.gateway().close();
    for (let i = 0; i < 20; i += 1) await two.sample('w-0002', 98);
    await bench.reopen();
    await expect.poll(accepted, { timeout: 10_000 }).toBeGreaterThanOrEqual(20);
    expect(bench.gateway().figures().ingest.lost).toBe(0);
  }, 30_000);
});
