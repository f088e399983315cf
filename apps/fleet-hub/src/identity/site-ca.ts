import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Clock,
  ConfigError,
  errorMessage,
  fleetIdPattern,
  type Logger,
  parseIdentityName,
} from '@edge-blueprints/contracts';
import { certificateUnits, workerSite } from '@edge-blueprints/broker';
import { writeFileAtomic } from './atomic-file.js';
import { createAuthority, type IssuedCertificate, openAuthority } from './certificate-authority.js';
import {
  type CertificateKind,
  type CertificateRecord,
  newestByName,
  readCertificateIndex,
  writeCertificateIndex,
} from './certificate-index.js';
import { type CertificateListing, listCertificates } from './certificate-listing.js';
import { withFolderLock } from './folder-lock.js';
import { openRevocationList } from './revocation-list.js';

/** Days until an issued certificate ends. A device renews from half of its time on. */
export const certificateDays = { ca: 3_650, hub: 397, worker: 397, device: 90 } as const;

export const siteCaFiles = {
  certificate: 'ca.crt.pem',
  key: 'ca.key.pem',
  index: 'index.json',
  revocations: 'revocations.jsonl',
  crl: 'crl.pem',
} as const;

/** Where the files of one certificate are. */
export interface CertificateFolder {
  readonly name: string;
  readonly folder: string;
  readonly certFile: string;
  /** null where the device made its own key. */
  readonly keyFile: string | null;
  readonly caFile: string;
  readonly serialNumber: string;
  readonly notAfter: string;
}

/** The certificate authority of one site: a folder of PEM files, an index and the revocations. */
export interface SiteCa {
  readonly folder: string;
  hub(hosts: readonly string[]): Promise<CertificateFolder>;
  /** `request`: PEM of a PKCS #10 request, allowed for a single name only. */
  issue(options: {
    readonly kind: 'device' | 'worker';
    readonly names: readonly string[];
    /** Allows a name that has a certificate already; the new one is the only one let in after a revocation. */
    readonly replace: boolean;
    readonly request?: string;
    readonly by: string;
  }): Promise<readonly CertificateFolder[]>;
  /** New certificates and keys for these names, or for all that are past half of their time when none is named. */
  renew(names: readonly string[], by: string): Promise<readonly CertificateFolder[]>;
  revoke(name: string, by: string, reason: string): Promise<void>;
  /** Writes crl.pem anew from index and revocations. @returns how many certificates it names */
  writeCrl(): Promise<number>;
  list(): readonly CertificateListing[];
}

/** @throws ConfigError `identity.exists`, `identity.site` */
export async function initSiteCa(folder: string, site: string, clock: Clock): Promise<void> {
  if (!fleetIdPattern.test(site))
    throw new ConfigError('identity.site', `${JSON.stringify(site)} is no site name; use 1 to 64 of a-z, 0-9 and dash`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const [certificate, key] = [join(folder, siteCaFiles.certificate), join(folder, siteCaFiles.key)];
  const present = [certificate, key].filter((path) => existsSync(path));
  if (present.length > 0)
    throw new ConfigError(
      'identity.exists',
      `${present.join(' and ')} exist already: this folder has a CA; choose another`,
    );
  await withFolderLock(folder, async () => {
    const pem = await createAuthority({ site, days: certificateDays.ca, nowMs: clock.epochMs() });
    writeFileAtomic(key, pem.privateKeyPem, { mode: 0o600, replace: false, sync: true });
    writeFileAtomic(certificate, pem.certificatePem, { mode: 0o644, replace: false, sync: true });
  });
}

/** @throws ConfigError `identity.no-ca`, `identity.ca-broken` */
export async function openSiteCa(folder: string, clock: Clock, log: Logger): Promise<SiteCa> {
  const path = (file: keyof typeof siteCaFiles): string => join(folder, siteCaFiles[file]);
  const authority = await openAuthority(readPem(folder, path('certificate'), path('key')));
  const revocations = openRevocationList({ file: path('revocations'), clock, log });
  // A command looks once; it need not watch the file.
  revocations.close();

  const put = (
    kind: CertificateKind,
    name: string,
    issued: IssuedCertificate,
    sync: boolean,
  ): { readonly record: CertificateRecord; readonly files: CertificateFolder } => {
    const target = join(folder, `${kind}s`, name);
    const [certFile, caFile] = [join(target, 'cert.pem'), join(target, 'ca.pem')];
    const keyFile = issued.privateKeyPem === null ? null : join(target, 'key.pem');
    // A folder at once, so that a certificate never stands beside the key of its predecessor.
    const fresh = `${target}.part`;
    rmSync(fresh, { recursive: true, force: true });
    mkdirSync(fresh, { recursive: true, mode: 0o700 });
    const write = (file: string, content: string, mode: number): void =>
      writeFileAtomic(join(fresh, file), content, { mode, replace: false, sync });
    if (issued.privateKeyPem !== null) write('key.pem', issued.privateKeyPem, 0o600);
    write('cert.pem', issued.certificatePem, 0o644);
    write('ca.pem', authority.certificatePem, 0o644);
    rmSync(target, { recursive: true, force: true });
    renameSync(fresh, target);
    const { serialNumber } = issued;
    const [notBefore, notAfter] = [issued.notBefore.toISOString(), issued.notAfter.toISOString()];
    return {
      record: { serialNumber, name, kind, notBefore, notAfter },
      files: { name, folder: target, certFile, keyFile, caFile, serialNumber, notAfter },
    };
  };

  const issueAll = (
    kind: 'device' | 'worker',
    names: readonly string[],
    options: { readonly replace: boolean; readonly request?: string | undefined; readonly by: string },
  ): Promise<readonly CertificateFolder[]> =>
    withFolderLock(folder, async () => {
      const records = readCertificateIndex(path('index'));
      checkNames(kind, names, options.replace ? new Set() : new Set(records.map((record) => record.name)));
      const issueOne = async (name: string): Promise<ReturnType<typeof put>> => {
        const issued = await authority.issueClient({
          name,
          unit: certificateUnits[kind],
          days: certificateDays[kind],
          nowMs: clock.epochMs(),
          ...(options.request === undefined ? {} : { requestPem: options.request }),
        });
        return put(kind, name, issued, names.length <= 100);
      };
      // Key generation runs in the thread pool: a few at a time keep it busy.
      const queue = names.entries();
      const slots: ReturnType<typeof put>[] = [];
      const drain = async (): Promise<void> => {
        for (const [at, name] of queue) slots[at] = await issueOne(name);
      };
      await Promise.all([drain(), drain(), drain(), drain()]);
      const made = names.flatMap((_, at) => slots[at] ?? []);
      writeCertificateIndex(path('index'), [...records, ...made.map(({ record }) => record)]);
      for (const { record } of made)
        if (revocations.list().some((revocation) => revocation.name === record.name))
          revocations.accept({ name: record.name, serialNumber: record.serialNumber, by: options.by });
      return made.map(({ files }) => files);
    });

  const list = (): readonly CertificateListing[] =>
    listCertificates(readCertificateIndex(path('index')), revocations, clock.epochMs());

  const writeCrl = async (): Promise<number> => {
    const revoked = list().filter((entry) => entry.state === 'revoked');
    const entries = revoked.map(({ serialNumber, revocation }) => ({
      serialNumber,
      at: new Date(revocation?.at ?? clock.epochMs()),
    }));
    writeFileAtomic(path('crl'), await authority.revocationList(entries), { mode: 0o644, replace: true, sync: true });
    return entries.length;
  };

  return {
    folder,
    list,
    writeCrl,
    issue: ({ kind, names, ...options }) => issueAll(kind, names, options),
    hub: (hosts) =>
      withFolderLock(folder, async () => {
        checkHosts(hosts);
        const issued = await authority.issueServer({ hosts, days: certificateDays.hub, nowMs: clock.epochMs() });
        const { record, files } = put('hub', 'fleet-hub', issued, true);
        writeCertificateIndex(path('index'), [...readCertificateIndex(path('index')), record]);
        return files;
      }),
    async renew(names, by) {
      const newest = newestByName(readCertificateIndex(path('index')));
      const known = list().filter(
        (entry) => entry.kind !== 'hub' && newest.get(entry.name)?.serialNumber === entry.serialNumber,
      );
      const missing = names.filter((name) => !known.some((entry) => entry.name === name));
      if (missing.length > 0)
        throw new ConfigError('identity.unknown', `No certificate was issued for ${missing.join(', ')}; see list`);
      const wanted = known.filter((entry) =>
        names.length > 0 ? names.includes(entry.name) : entry.state === 'due' || entry.state === 'expired',
      );
      const revoked = wanted.filter((entry) => entry.state === 'revoked');
      if (revoked.length > 0)
        throw new ConfigError(
          'identity.revoked',
          `${revoked.map((entry) => entry.name).join(', ')} is revoked; let it in again with issue --replace`,
        );
      const renewed: CertificateFolder[] = [];
      for (const kind of ['device', 'worker'] as const) {
        const ofKind = wanted.filter((entry) => entry.kind === kind).map((entry) => entry.name);
        if (ofKind.length > 0) renewed.push(...(await issueAll(kind, ofKind, { replace: true, by })));
      }
      return renewed;
    },
    async revoke(name, by, reason) {
      if (!readCertificateIndex(path('index')).some((record) => record.name === name && record.kind !== 'hub'))
        throw new ConfigError('identity.unknown', `No certificate was issued for ${JSON.stringify(name)}; see list`);
      revocations.revoke({ name, by, reason });
      await writeCrl();
    },
  };
}

function readPem(folder: string, certificate: string, key: string): Parameters<typeof openAuthority>[0] {
  try {
    return { certificatePem: readFileSync(certificate, 'utf8'), privateKeyPem: readFileSync(key, 'utf8') };
  } catch (cause) {
    throw new ConfigError('identity.no-ca', `${folder} has no CA (${errorMessage(cause)}); make one with init`, {
      cause,
    });
  }
}

function checkNames(kind: 'device' | 'worker', names: readonly string[], taken: ReadonlySet<string>): void {
  const problems = names.flatMap((name) => {
    const identity = parseIdentityName(name);
    if (identity === undefined) return [`${JSON.stringify(name)} is not {site}.{device} of a-z, 0-9 and dash`];
    if (name.length > 64) return [`${name} has ${name.length} letters; a certificate's common name holds 64`];
    if ((identity.site === workerSite) !== (kind === 'worker'))
      return [
        kind === 'worker'
          ? `${name}: a worker's name begins with ${workerSite}.`
          : `${name}: the site ${workerSite} is kept for the hub's own programs`,
      ];
    return taken.has(name) ? [`${name} has a certificate already; use renew, or issue --replace`] : [];
  });
  const twice = names.filter((name, index) => names.indexOf(name) !== index && names.length < 1_000);
  problems.push(...twice.map((name) => `${name} is named twice`));
  if (names.length === 0) problems.push('no name was given');
  if (problems.length > 0)
    throw new ConfigError('identity.names', `Nothing was issued:\n  ${problems.slice(0, 50).join('\n  ')}`);
}

function checkHosts(hosts: readonly string[]): void {
  const wrong = hosts.filter(
    (host) => !/^[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?$/.test(host) && host !== '::1',
  );
  if (hosts.length === 0 || wrong.length > 0)
    throw new ConfigError(
      'identity.hosts',
      `${wrong.length > 0 ? `Not a host name or address: ${wrong.join(', ')}` : 'No host was given'}; name each way in which devices reach the hub`,
    );
}
