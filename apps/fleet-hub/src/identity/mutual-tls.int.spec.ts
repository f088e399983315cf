import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clock, createRandom, silentLogger, systemClock } from '@edge-blueprints/contracts';
import { type BrokerEvent, createEmbeddedBroker, type EmbeddedBroker } from '@edge-blueprints/broker';
import {
  connectRawClient,
  packetTypes,
  publishPacket,
  type RawMqttClient,
  readPublish,
  subscribePacket,
} from '@edge-blueprints/broker/testing';
import { connectMqtt, type MqttLink } from '@edge-blueprints/telemetry';
import { openAuthority } from './certificate-authority.js';
import { openRevocationList, type RevocationList } from './revocation-list.js';
import { type CertificateFolder, siteCaFiles } from './site-ca.js';
import { type CaFixture, holding, makeCa, openTls, shiftedClock } from './testing/ca-fixture.js';

let fixture: CaFixture;
let hub: CertificateFolder;
const cleanups: (() => Promise<void> | void)[] = [];
beforeEach(async () => {
  fixture = await makeCa();
  hub = await fixture.ca.hub(['127.0.0.1']);
  cleanups.push(() => fixture.end());
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(
  options: { readonly denied?: RevocationList; readonly clock?: Clock } = {},
): Promise<{ readonly broker: EmbeddedBroker; readonly port: number; readonly events: BrokerEvent[] }> {
  const broker = await createEmbeddedBroker({
    listeners: [
      {
        host: '127.0.0.1',
        port: 0,
        tls: { caFile: hub.caFile, certFile: hub.certFile, keyFile: hub.keyFile ?? '' },
      },
    ],
    ...(options.denied === undefined ? {} : { denied: options.denied }),
    limits: { handshakeTimeoutMs: 200 },
    log: silentLogger,
    clock: options.clock ?? systemClock,
  });
  cleanups.push(() => broker.close());
  const events: BrokerEvent[] = [];
  broker.onEvent((event) => events.push(event));
  return { broker, port: broker.listeners[0]?.port ?? 0, events };
}

async function joinAs(port: number, tls: ConnectionOptions, clientId: string): Promise<RawMqttClient> {
  const { client, returnCode } = await connectRawClient(await openTls(port, tls), { clientId });
  cleanups.push(() => client.destroy());
  expect(returnCode).toBe(0);
  return client;
}
/** The return code of CONNACK, or `cut` when TLS did not let it come to that. */
async function attempt(port: number, tls: ConnectionOptions, clientId: string): Promise<number | 'cut'> {
  try {
    const { client, returnCode } = await connectRawClient(await openTls(port, tls), { clientId });
    client.destroy();
    return returnCode;
  } catch {
    return 'cut';
  }
}
async function one(name: string): Promise<CertificateFolder> {
  const [files] = await fixture.ca.issue({
    kind: name.startsWith('hub.') ? 'worker' : 'device',
    names: [name],
    replace: true,
    by: 'test',
  });
  if (files === undefined) throw new Error('nothing was issued');
  return files;
}

describe('mutual TLS with the embedded broker', () => {
  it('carries telemetry and acknowledgement, and says that it is secure', async () => {
    const { broker, port, events } = await start();
    const ingest = await joinAs(port, holding(await one('hub.ingest-1')), 'hub.ingest-1');
    ingest.send(subscribePacket('edge/v1/+/+/tlm'));
    await ingest.receive(packetTypes.suback);
    const files = await one('north.line-1');
    const device = await joinAs(port, holding(files), 'north.line-1');
    device.send(publishPacket('edge/v1/north/line-1/tlm', Buffer.from('[]')));
    expect(readPublish(await ingest.receive(packetTypes.publish)).topic).toBe('edge/v1/north/line-1/tlm');
    expect(broker.stats()).toMatchObject({ secure: true, pending: 0, sessions: { devices: 1, workers: 1 } });
    expect(events).toContainEqual(
      expect.objectContaining({
        kind: 'connected',
        name: 'north.line-1',
        serialNumber: files.serialNumber,
        secure: true,
      }),
    );
  });

  it('serves the client that devices and ingest really use', async () => {
    const { broker, port } = await start();
    const heard: string[] = [];
    const link = async (name: string, onMessage: (topic: string) => void): Promise<MqttLink> => {
      const files = await one(name);
      const made = connectMqtt(
        {
          url: `mqtts://127.0.0.1:${port}`,
          clientId: name,
          tls: { caFile: files.caFile, certFile: files.certFile, keyFile: files.keyFile ?? '' },
          will: null,
          cleanSession: false,
          keepaliveSeconds: 30,
        },
        { onConnect: () => undefined, onDisconnect: () => undefined, onMessage },
        { clock: systemClock, random: createRandom(1), log: silentLogger, limits: { reconnectBaseMs: 1 } },
      );
      cleanups.push(() => made.close());
      await expect.poll(() => made.connected()).toBe(true);
      return made;
    };
    const ingest = await link('hub.ingest-1', (topic) => heard.push(topic));
    await ingest.subscribe('edge/v1/+/+/tlm');
    await expect(ingest.subscribe('#')).rejects.toMatchObject({ code: 'mqtt.refused' });
    const device = await link('north.line-1', (topic) => heard.push(topic));
    await device.subscribe('edge/v1/north/line-1/ack');
    await device.publish('edge/v1/north/line-1/tlm', Buffer.from('[]'), { retain: false });
    await ingest.publish('edge/v1/north/line-1/ack', Buffer.from('{}'), { retain: false });
    await expect.poll(() => heard).toEqual(['edge/v1/north/line-1/tlm', 'edge/v1/north/line-1/ack']);
    expect(broker.stats().sessions).toMatchObject({ devices: 1, workers: 1 });
  });

  it('lets a device neither connect nor speak as another', async () => {
    const { port, broker } = await start();
    const own = holding(await one('north.line-1'));
    expect(await attempt(port, own, 'north.line-2')).toBe(5);
    expect(await attempt(port, own, 'hub.ingest-1')).toBe(5);
    const device = await joinAs(port, own, 'north.line-1');
    device.send(publishPacket('edge/v1/north/line-2/tlm', Buffer.from('[]')));
    await device.closed();
    expect(broker.stats().refused).toMatchObject({ identity: 2, publish: 1 });
  });

  it("opens the hub's door to certificates of the hub's unit only", async () => {
    const { port, broker } = await start();
    const authority = await openAuthority({
      certificatePem: readFileSync(join(fixture.folder, siteCaFiles.certificate), 'utf8'),
      privateKeyPem: readFileSync(join(fixture.folder, siteCaFiles.key), 'utf8'),
    });
    const holdingUnit = async (name: string, unit: string): Promise<ConnectionOptions> => {
      const issued = await authority.issueClient({ name, unit, days: 1, nowMs: Date.now() });
      return { ca: authority.certificatePem, cert: issued.certificatePem, key: issued.privateKeyPem ?? '' };
    };
    expect(await attempt(port, await holdingUnit('hub.ingest-1', 'device'), 'hub.ingest-1')).toBe(5);
    expect(await attempt(port, await holdingUnit('north.line-1', 'hub-worker'), 'north.line-1')).toBe(5);
    expect(await attempt(port, await holdingUnit('hub.ingest-1', 'hub-worker'), 'hub.ingest-1')).toBe(0);
    expect(broker.stats().refused.identity).toBe(2);
  });

  it('refuses a peer without certificate, of another CA, with a server certificate, or past its time', async () => {
    const { port, broker } = await start();
    const other = await makeCa();
    cleanups.push(() => other.end());
    const [foreign] = await other.issue('north.line-1');
    const trust = holding(hub).ca;
    fixture.clock.days = -120;
    const expired = await one('north.line-3');
    fixture.clock.days = 0;
    if (foreign === undefined || trust === undefined) throw new Error('nothing was issued');
    expect(await attempt(port, { ca: trust }, 'north.line-1')).toBe('cut');
    expect(await attempt(port, { ...holding(foreign), ca: trust }, 'north.line-1')).toBe('cut');
    expect(await attempt(port, holding(hub), 'fleet-hub')).toBe('cut');
    expect(await attempt(port, holding(expired), 'north.line-3')).toBe('cut');
    await expect.poll(() => broker.stats().refused.handshake).toBe(4);
    const renewed = await one('north.line-3');
    expect(await attempt(port, holding(renewed), 'north.line-3')).toBe(0);
  });

  it('looks at the end of a certificate itself, since a resumed TLS session is not checked again', async () => {
    const files = await one('north.line-1');
    const { port, broker } = await start({ clock: shiftedClock(91) });
    expect(await attempt(port, holding(files), 'north.line-1')).toBe(5);
    expect(broker.stats().refused['expired-certificate']).toBe(1);
  });

  it('speaks TLS 1.2 and 1.3 and nothing older', async () => {
    const { port, broker } = await start();
    const own = holding(await one('north.line-1'));
    for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
      expect(await attempt(port, { ...own, minVersion: version, maxVersion: version }, 'north.line-1')).toBe(0);
    const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await attempt(port, { ...own, ...old }, 'north.line-1')).toBe('cut');
    await expect.poll(() => broker.stats().refused.handshake).toBe(1);
  });

  it('is refused by the device when the hub has another name or another CA', async () => {
    const { port } = await start();
    const own = holding(await one('north.line-1'));
    await expect(openTls(port, { ...own, servername: 'hub.example' })).rejects.toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    const other = await makeCa();
    cleanups.push(() => other.end());
    const trust = holding(await other.ca.hub(['127.0.0.1'])).ca;
    await expect(openTls(port, { ...own, ...(trust === undefined ? {} : { ca: trust }) })).rejects.toThrow(
      /certificate/,
    );
  });

  it('cuts a handshake that does not come to an end', async () => {
    const { port, broker } = await start();
    const { connect } = await import('node:net');
    const sockets = [Buffer.alloc(0), Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01])].map((bytes) => {
      const socket = connect(port, '127.0.0.1').on('error', () => undefined);
      socket.write(bytes);
      return new Promise<void>((resolve) => socket.on('close', () => resolve()));
    });
    await Promise.all(sockets);
    expect(broker.stats().refused.handshake).toBe(2);
    await expect.poll(() => broker.stats().pending).toBe(0);
  });

  it('tells a cloned certificate by its takeovers, and keeps one of the two', async () => {
    const { port, broker, events } = await start();
    const stolen = holding(await one('north.line-1'));
    for (let turn = 0; turn < 3; turn += 1) await joinAs(port, stolen, 'north.line-1');
    expect(await attempt(port, stolen, 'north.line-1')).toBe(5);
    expect(events.filter((event) => event.kind === 'cloned')).toMatchObject([{ name: 'north.line-1' }]);
    expect(broker.stats()).toMatchObject({ clones: 1, sessions: { devices: 1 } });
  });

  it('takes a renewed server certificate without a restart', async () => {
    const { port, broker } = await start();
    const own = holding(await one('north.line-1'));
    const first = (await openTls(port, own)).getPeerCertificate().serialNumber;
    await fixture.ca.hub(['127.0.0.1']);
    broker.reloadTls();
    const second = (await openTls(port, own)).getPeerCertificate().serialNumber;
    expect(second).not.toBe(first);
    expect(await attempt(port, own, 'north.line-1')).toBe(0);
  });
});

describe('a revocation by command', () => {
  const revocationsOf = (lookMs?: number): RevocationList => {
    const list = openRevocationList({
      file: join(fixture.folder, siteCaFiles.revocations),
      clock: systemClock,
      log: silentLogger,
      ...(lookMs === undefined ? {} : { lookMs }),
    });
    cleanups.push(() => list.close());
    return list;
  };

  it('drops the live connection within 10 s, refuses its return, and leaves the others alone', async () => {
    const revocations = revocationsOf();
    const { port, broker } = await start({ denied: revocations });
    const [bad, good] = [holding(await one('north.line-1')), holding(await one('north.line-2'))];
    const [device, neighbour] = [await joinAs(port, bad, 'north.line-1'), await joinAs(port, good, 'north.line-2')];
    const root = join(import.meta.dirname, '../../../..');
    const entry = join(import.meta.dirname, 'site-ca-main.ts');
    const said = spawnSync(
      process.execPath,
      [
        join(root, 'tools/run.mjs'),
        entry,
        'revoke',
        '--folder',
        fixture.folder,
        '--name',
        'north.line-1',
        '--reason',
        'x',
      ],
      { encoding: 'utf8', timeout: 60_000 },
    );
    expect(said.stdout).toMatch(/revoked north\.line-1/);
    const revokedAtMs = performance.now();
    await device.closed();
    expect(performance.now() - revokedAtMs).toBeLessThan(10_000);
    expect(await attempt(port, bad, 'north.line-1')).toBe(5);
    expect(revocations.isRevoked({ site: 'north', device: 'line-1' })).toBe(true);
    neighbour.send(publishPacket('edge/v1/north/line-2/tlm', Buffer.from('[]')));
    await neighbour.receive(packetTypes.puback);
    expect(broker.stats().sessions.devices).toBe(1);
  }, 60_000);

  it('ends for the certificate that is issued anew, and not for the stolen one', async () => {
    const revocations = revocationsOf(3_600_000);
    const { port } = await start({ denied: revocations });
    const stolen = holding(await one('north.line-1'));
    await fixture.ca.revoke('north.line-1', 'ann', 'stolen');
    revocations.refresh();
    expect(await attempt(port, stolen, 'north.line-1')).toBe(5);
    const fresh = holding(await one('north.line-1'));
    revocations.refresh();
    expect(await attempt(port, fresh, 'north.line-1')).toBe(0);
    expect(await attempt(port, stolen, 'north.line-1')).toBe(5);
  });
});
