import { execFileSync, spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DeviceError } from '@edge-blueprints/contracts';

const rsyslogd = ['/usr/sbin/rsyslogd', '/sbin/rsyslogd'].find((path) => existsSync(path));
const openssl = ['/usr/bin/openssl', '/bin/openssl'].find((path) => existsSync(path));
const libraries = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu', '/usr/lib64'];

/** Why there is no receiver, or undefined where Debian's rsyslog, its TLS driver and openssl are there. */
export function rsyslogMissing(): string | undefined {
  const missing = [
    ...(rsyslogd === undefined ? ['rsyslogd'] : []),
    ...(libraries.some((path) => existsSync(join(path, 'rsyslog/lmnsd_gtls.so'))) ? [] : ['its GnuTLS driver']),
    ...(openssl === undefined ? ['openssl'] : []),
  ];
  return missing.length === 0 ? undefined : missing.join(', ');
}

/** `ca`, `siem.ward` and `gateway.ward` as NAME.crt and NAME.key, good for two days. */
export function makeCertificates(folder: string): void {
  const run = (...args: readonly string[]): void =>
    void execFileSync(openssl ?? '', args, { cwd: folder, stdio: 'ignore', timeout: 20_000 });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  run('req', '-x509', ...curve, '-days', '2', '-subj', '/CN=ward-ca', '-keyout', 'ca.key', '-out', 'ca.crt');
  for (const name of ['siem.ward', 'gateway.ward']) {
    run('req', ...curve, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.csr`);
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=DNS:${name}\n`);
    const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', `${name}.ext`];
    run('x509', '-req', '-in', `${name}.csr`, ...signing, '-out', `${name}.crt`);
  }
}

export interface RsyslogReceiver {
  readonly port: number;
  /** Resolves when the process is gone; what it had read is in the file. */
  stop(): Promise<void>;
}

/**
 * A receiver that lets in nobody but `gateway.ward`, and writes each message as it came to `out`.
 * @param folder the one of the certificates
 * @param port 0 for any
 */
export async function startRsyslog(folder: string, out: string, port = 0): Promise<RsyslogReceiver> {
  const path = (name: string): string => join(folder, name);
  const lines = [
    `global(workDirectory="${folder}" maxMessageSize="128k" defaultNetstreamDriver="gtls" defaultNetstreamDriverCAFile="${path('ca.crt')}"`,
    `  defaultNetstreamDriverCertFile="${path('siem.ward.crt')}" defaultNetstreamDriverKeyFile="${path('siem.ward.key')}")`,
    'module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="x509/name" permittedPeer=["gateway.ward"])',
    'template(name="raw" type="string" string="%rawmsg%\\n")',
    `input(type="imtcp" address="127.0.0.1" port="${port}" listenPortFileName="${path('port')}")`,
    `action(type="omfile" file="${out}" template="raw" asyncWriting="off" flushOnTXEnd="on")`,
  ];
  writeFileSync(path('siem.conf'), `${lines.join('\n')}\n`);
  for (const name of ['port', 'pid']) rmSync(path(name), { force: true });
  const daemon = spawn(rsyslogd ?? '', ['-n', '-C', '-f', path('siem.conf'), '-i', path('pid')], { stdio: 'ignore' });
  const gone = new Promise<void>((resolve) => daemon.once('exit', () => resolve()));
  // It writes the file for a port of its own choice only.
  const listens = async (): Promise<number> => {
    if (port !== 0) return (await answers(port)) ? port : 0;
    return existsSync(path('port')) ? Number(readFileSync(path('port'), 'utf8')) : 0;
  };
  let open = 0;
  for (let tries = 0; (open = await listens()) === 0; tries += 1) {
    if (tries >= 200 || daemon.exitCode !== null) {
      daemon.kill('SIGKILL');
      throw new DeviceError('audit.siem', 'rsyslogd did not start within 10 s', { retry: 'safe' });
    }
    await wait(50);
  }
  return { port: open, stop: () => (daemon.kill('SIGTERM'), gone) };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
