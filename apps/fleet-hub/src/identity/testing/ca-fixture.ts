import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { type Clock, silentLogger } from '@edge-blueprints/contracts';
import { type CertificateFolder, initSiteCa, openSiteCa, type SiteCa } from '../site-ca.js';

export const dayMs = 86_400_000;

/** The wall clock of today, moved by `days`; certificates are checked by OpenSSL against the real one. */
export const shiftedClock = (days = 0): Clock & { days: number } => ({
  days,
  epochMs() {
    return Date.now() + this.days * dayMs;
  },
  monotonicMs: () => performance.now(),
});

export interface CaFixture {
  readonly folder: string;
  readonly clock: ReturnType<typeof shiftedClock>;
  readonly ca: SiteCa;
  issue(...names: readonly string[]): Promise<readonly CertificateFolder[]>;
  end(): void;
}

export async function makeCa(): Promise<CaFixture> {
  const folder = mkdtempSync(join(tmpdir(), 'site-ca-'));
  const clock = shiftedClock();
  await initSiteCa(folder, 'test', clock);
  const ca = await openSiteCa(folder, clock, silentLogger);
  return {
    folder,
    clock,
    ca,
    issue: (...names) => ca.issue({ kind: 'device', names, replace: false, by: 'test' }),
    end: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** TLS options of a client that holds this certificate. */
export function holding(files: CertificateFolder): ConnectionOptions {
  return {
    ca: readFileSync(files.caFile),
    cert: readFileSync(files.certFile),
    key: readFileSync(files.keyFile ?? ''),
  };
}

/** @throws the error of the handshake. With TLS 1.3 a refusal of the client's certificate comes only afterwards. */
export function openTls(port: number, options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, ...options }, () => resolve(socket));
    socket.on('error', reject);
  });
}
