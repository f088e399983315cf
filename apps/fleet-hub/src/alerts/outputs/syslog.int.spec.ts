import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertMessage } from '../alert-message.js';
import { syslogOutputSchema } from '../alerts-config.js';
import { createSyslogOutput } from './syslog.js';

const alert: AlertMessage = {
  ...{ phase: 'raised', id: 7, site: 'hall', device: 'd1', kind: 'disk', severity: 'alarm' },
  ...{ text: 'Größe: 95 % full', raisedAt: '2026-05-01T08:00:00.000Z', clearedAt: null },
};
const stop = new AbortController().signal;
let folder: string;
const closers: (() => void | Promise<void>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'syslog-'));
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
  rmSync(folder, { recursive: true, force: true });
});

const make = (transport: 'udp' | 'tcp' | 'tls', port: number, more: { host?: string; ca?: string } = {}) =>
  createSyslogOutput(
    syslogOutputSchema.parse({
      ...{ kind: 'syslog', name: 'plant', transport, host: more.host ?? '127.0.0.1', port, timeoutMs: 2_000 },
    }),
    { ca: more.ca, hostname: 'hub-1', processId: 42, epochMs: () => Date.parse('2026-05-01T08:00:01.000Z') },
  );
const portOf = (address: unknown): number =>
  typeof address === 'object' && address !== null && 'port' in address ? Number(address.port) : 0;

describe('syslog', () => {
  it('goes out as one datagram by UDP', async () => {
    const socket = createSocket('udp4');
    closers.push(() => void socket.close());
    const got = new Promise<string>((resolve) => socket.once('message', (bytes) => resolve(bytes.toString('utf8'))));
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    await make('udp', socket.address().port).send(alert, stop);
    expect(await got).toMatch(/^<130>1 2026-05-01T08:00:01.000Z hub-1 fleet-hub 42 RAISED \[alert@32473 .*Größe/);
  });

  it('tells a receiver that is not there, or does not take the message', async () => {
    await expect(make('tcp', 1).send(alert, stop)).rejects.toMatchObject({
      code: 'alerts.output-failed',
      retry: 'safe',
    });
    const mute = createServer({ allowHalfOpen: true }, () => undefined).listen(0, '127.0.0.1');
    const sockets: { destroy(): void }[] = [];
    mute.on('connection', (socket) => sockets.push(socket.on('error', () => undefined)));
    closers.push(() => {
      for (const socket of sockets) socket.destroy();
      mute.close();
    });
    await new Promise((resolve) => mute.once('listening', resolve));
    const quick = AbortSignal.timeout(150);
    await expect(make('tcp', portOf(mute.address())).send(alert, quick)).rejects.toMatchObject({
      code: 'alerts.output-timeout',
      retry: 'safe',
    });
  });
});

const openssl = existsSync('/usr/bin/openssl');
if (!openssl && process.env['CI'] === 'true') throw new TypeError('openssl is needed in CI');

describe.skipIf(!openssl)('syslog over TLS', () => {
  it('counts octets, and goes only to a receiver whose certificate fits', async () => {
    const [cert, key] = [join(folder, 'a.crt'), join(folder, 'a.key')];
    const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert];
    execFileSync('/usr/bin/openssl', [...kind, ...subject], { stdio: 'ignore' });
    const got: string[] = [];
    const server = createTlsServer({ cert: readFileSync(cert), key: readFileSync(key) }, (socket) => {
      socket.on('data', (bytes) => got.push(bytes.toString('utf8'))).on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    closers.push(() => void server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const port = portOf(server.address());
    await make('tls', port, { host: 'localhost', ca: readFileSync(cert, 'utf8') }).send(alert, stop);
    const [, length = '', text = ''] = /^(\d+) (.*)$/s.exec(got.join('')) ?? [];
    expect(Buffer.byteLength(text, 'utf8')).toBe(Number(length));
    await expect(make('tls', port, { host: 'localhost' }).send(alert, stop)).rejects.toMatchObject({
      code: 'alerts.output-failed',
    });
    expect(got.join('').match(/RAISED/g)).toHaveLength(1);
  });
});

const rsyslogd = ['/usr/sbin/rsyslogd', '/sbin/rsyslogd'].find((path) => existsSync(path));
if (rsyslogd === undefined && process.env['CI'] === 'true') throw new TypeError('rsyslogd is needed in CI');

describe.skipIf(rsyslogd === undefined)('a real rsyslogd', () => {
  it('reads the message as RFC 5424: priority, names, structured data and text', async () => {
    const [config, portFile, out] = [join(folder, 'a.conf'), join(folder, 'port'), join(folder, 'out.jsonl')];
    const fields = ['pri', 'hostname', 'app-name', 'procid', 'msgid', 'structured-data', 'msg', 'protocol-version'];
    const list = fields.map((name) => `property(name="${name}")`).join(' constant(value="|") ');
    const lines = [
      `global(workDirectory="${folder}")`,
      'module(load="imtcp")',
      `template(name="all" type="list") { ${list} constant(value="\\n") }`,
      `input(type="imtcp" address="127.0.0.1" port="0" listenPortFileName="${portFile}")`,
      `action(type="omfile" file="${out}" template="all" asyncWriting="off" flushOnTXEnd="on")`,
    ];
    writeFileSync(config, `${lines.join('\n')}\n`);
    const daemon = spawn(rsyslogd ?? '', ['-n', '-C', '-f', config, '-i', join(folder, 'pid')], { stdio: 'ignore' });
    const gone = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
    closers.push(() => (daemon.kill('SIGTERM'), gone));
    await expect
      .poll(() => existsSync(portFile) && readFileSync(portFile, 'utf8').trim(), { timeout: 10_000 })
      .toMatch(/^\d+/);
    const output = make('tcp', Number(readFileSync(portFile, 'utf8')));
    await output.send(alert, stop);
    await output.send({ ...alert, phase: 'cleared', text: 'line one\nline two' }, stop);
    const written = () => (existsSync(out) ? readFileSync(out, 'utf8').split('\n').filter(Boolean) : []);
    await expect.poll(() => written().length, { timeout: 10_000 }).toBe(2);
    const [first = '', second = ''] = written();
    expect(first.replace('\uFEFF', '')).toBe(
      '130|hub-1|fleet-hub|42|RAISED|[alert@32473 id="7" site="hall" device="d1" kind="disk" phase="raised" severity="alarm"]|' +
        'alarm: disk at hall/d1: Größe: 95 % full|1',
    );
    expect(second).toMatch(/^133\|.*line one line two\|1$/);
  });
});
