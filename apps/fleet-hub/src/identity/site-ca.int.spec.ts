import { execFileSync, spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { initSiteCa, siteCaFiles } from './site-ca.js';
import { type CaFixture, makeCa } from './testing/ca-fixture.js';

let fixture: CaFixture;
beforeEach(async () => {
  fixture = await makeCa();
});
afterEach(() => fixture.end());

const openssl = spawnSync('openssl', ['version']).status === 0;
if (!openssl && process.env['CI'] === 'true') throw new Error('CI needs the openssl command');
const verify = (...parameters: readonly string[]): string => {
  const { stdout, stderr } = spawnSync('openssl', ['verify', '-x509_strict', ...parameters], { encoding: 'utf8' });
  return stdout + stderr;
};
const path = (file: keyof typeof siteCaFiles): string => join(fixture.folder, siteCaFiles[file]);
const states = (): readonly string[] => fixture.ca.list().map(({ name, state }) => `${name} ${state}`);

describe('the site CA', () => {
  it('issues certificates that carry name, unit, purpose and 90 days, with keys that only the owner reads', async () => {
    const [device] = await fixture.issue('north.line-1');
    const certificate = new X509Certificate(readFileSync(device?.certFile ?? ''));
    expect(certificate.subject).toBe('CN=north.line-1\nOU=device');
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(certificate.ca).toBe(false);
    expect(certificate.serialNumber).toBe(device?.serialNumber);
    expect(certificate.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    const days = (Date.parse(certificate.validTo) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(89.9);
    expect(days).toBeLessThan(90.1);
    for (const key of [device?.keyFile ?? '', path('key')]) expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(statSync(device?.folder ?? '').mode & 0o777).toBe(0o700);
  });

  it.skipIf(!openssl)('issues what OpenSSL accepts for its purpose, and for no other', async () => {
    const hub = await fixture.ca.hub(['127.0.0.1', 'hub.example']);
    const [device] = await fixture.issue('north.line-1');
    const trust = ['-CAfile', path('certificate')];
    expect(verify(...trust, '-purpose', 'sslclient', device?.certFile ?? '')).toMatch(/: OK/);
    expect(verify(...trust, '-purpose', 'sslserver', hub.certFile)).toMatch(/: OK/);
    expect(verify(...trust, '-verify_hostname', 'hub.example', hub.certFile)).toMatch(/: OK/);
    expect(verify(...trust, '-verify_ip', '127.0.0.1', hub.certFile)).toMatch(/: OK/);
    expect(verify(...trust, '-purpose', 'sslserver', device?.certFile ?? '')).toMatch(/unsuitable certificate purpose/);
    expect(verify(...trust, '-purpose', 'sslclient', hub.certFile)).toMatch(/unsuitable certificate purpose/);
    expect(verify(...trust, '-verify_hostname', 'other.example', hub.certFile)).toMatch(/hostname mismatch/);
  });

  it.skipIf(!openssl)('writes a revocation list that OpenSSL reads and that outlives every certificate', async () => {
    const [lost, kept] = await fixture.issue('north.line-1', 'north.line-2');
    await fixture.ca.revoke('north.line-1', 'ann', 'stolen');
    const check = ['-CAfile', path('certificate'), '-CRLfile', path('crl'), '-crl_check'];
    expect(verify(...check, lost?.certFile ?? '')).toMatch(/certificate revoked/);
    expect(verify(...check, kept?.certFile ?? '')).toMatch(/: OK/);
    const inNineYears = String(Math.floor(Date.now() / 1_000) + 9 * 365 * 86_400);
    const [renewed] = await (async () => {
      fixture.clock.days = 9 * 365;
      return fixture.ca.renew(['north.line-2'], 'ann');
    })();
    expect(verify(...check, '-attime', inNineYears, renewed?.certFile ?? '')).toMatch(/: OK/);
  });

  it.skipIf(!openssl)('certifies a key that never left the device, if the request is signed by it', async () => {
    const [key, request] = [join(fixture.folder, 'own.key'), join(fixture.folder, 'own.csr')];
    execFileSync('openssl', ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', key]);
    execFileSync('openssl', ['req', '-new', '-key', key, '-subj', '/CN=whoever', '-out', request]);
    const pem = readFileSync(request, 'utf8');
    const issue = (text: string) =>
      fixture.ca.issue({ kind: 'device', names: ['north.line-1'], replace: false, request: text, by: 'ann' });
    const forged = pem.replace(/[A-Za-z0-9](?=[A-Za-z0-9+/=]{6}\n-----END)/, (letter) => (letter === 'A' ? 'B' : 'A'));
    await expect(issue(forged)).rejects.toMatchObject({ code: 'identity.request' });
    const [files] = await issue(pem);
    expect(files?.keyFile).toBeNull();
    const certificate = new X509Certificate(readFileSync(files?.certFile ?? ''));
    expect(certificate.subject).toBe('CN=north.line-1\nOU=device');
    const own = execFileSync('openssl', ['pkey', '-in', key, '-pubout'], { encoding: 'utf8' });
    expect(certificate.publicKey.export({ type: 'spki', format: 'pem' })).toBe(own);
  });

  it('refuses to overwrite, and names every problem at once with nothing issued', async () => {
    await fixture.issue('north.line-1');
    await expect(initSiteCa(fixture.folder, 'other', fixture.clock)).rejects.toMatchObject({ code: 'identity.exists' });
    const problems = fixture.issue('north.line-1', 'north.line-2', 'hub.ingest-1', 'North.x', `${'a'.repeat(63)}.b`);
    await expect(problems).rejects.toThrow(/has a certificate already.*kept for the hub.*"North\.x".*65 letters/s);
    expect(states()).toEqual(['north.line-1 valid']);
    expect(existsSync(join(fixture.folder, 'devices', 'north.line-2'))).toBe(false);
    expect(existsSync(join(fixture.folder, '.lock'))).toBe(false);
  });

  it('renews what is past half of its time, keeps the rest, and leaves no half of a pair', async () => {
    await fixture.issue('north.line-1');
    fixture.clock.days = 30;
    await fixture.issue('north.line-2');
    expect(await fixture.ca.renew([], 'ann')).toEqual([]);
    fixture.clock.days = 46;
    expect(states()).toEqual(['north.line-1 due', 'north.line-2 valid']);
    const [renewed] = await fixture.ca.renew([], 'ann');
    expect(states()).toEqual(['north.line-1 replaced', 'north.line-2 valid', 'north.line-1 valid']);
    const certificate = new X509Certificate(readFileSync(renewed?.certFile ?? ''));
    expect(certificate.serialNumber).toBe(renewed?.serialNumber);
    expect(readdirSync(join(fixture.folder, 'devices')).sort()).toEqual(['north.line-1', 'north.line-2']);
    fixture.clock.days = 46 + 91;
    expect(states()).toEqual(['north.line-1 replaced', 'north.line-2 expired', 'north.line-1 expired']);
    expect(await fixture.ca.renew(['north.line-2'], 'ann')).toHaveLength(1);
  });

  it('does not renew a revoked name, but lets it in again by issuing it anew', async () => {
    await fixture.issue('north.line-1');
    await fixture.ca.revoke('north.line-1', 'ann', 'stolen');
    await expect(fixture.ca.renew(['north.line-1'], 'ann')).rejects.toMatchObject({ code: 'identity.revoked' });
    await fixture.ca.issue({ kind: 'device', names: ['north.line-1'], replace: true, by: 'ann' });
    expect(states()).toEqual(['north.line-1 revoked', 'north.line-1 valid']);
    // A renewed certificate of a name that was let in again is let in too.
    await fixture.ca.renew(['north.line-1'], 'ann');
    expect(states()).toEqual(['north.line-1 revoked', 'north.line-1 replaced', 'north.line-1 valid']);
  });

  it('says what is wrong with a folder: no CA, a broken key, a broken index, another command at work', async () => {
    await expect(fixture.ca.revoke('north.line-9', 'ann', 'x')).rejects.toMatchObject({ code: 'identity.unknown' });
    writeFileSync(join(fixture.folder, '.lock'), '');
    await expect(fixture.issue('north.line-1')).rejects.toMatchObject({ code: 'identity.locked' });
    writeFileSync(path('index'), '{');
    expect(() => fixture.ca.list()).toThrow(/index\.json cannot be read/);
    expect(command('list', '--folder', join(fixture.folder, 'nothing')).stderr).toMatch(/identity\.no-ca/);
  }, 60_000);
});

const root = join(import.meta.dirname, '../../../..');
const entry = join(import.meta.dirname, 'site-ca-main.ts');
const command = (...parameters: readonly string[]) =>
  spawnSync(process.execPath, [join(root, 'tools/run.mjs'), entry, ...parameters], {
    encoding: 'utf8',
    timeout: 60_000,
  });

describe('the command site-ca', () => {
  it('issues many by a pattern, lists them as JSON, and shows what was wrong with its arguments', () => {
    const issued = command('issue', '--folder', fixture.folder, '--count', '30', '--pattern', 'south.line-%d');
    expect(issued.stderr).toBe('');
    expect(issued.stdout).toMatch(/\.\.\. 30 in all/);
    expect(fixture.ca.list()).toHaveLength(30);
    const wrong = command('issue', '--count', '0', '--port', '99999');
    expect(wrong.status).toBe(2);
    for (const problem of ['needs --folder', 'needs --pattern', '--count 0', '--port 99999'])
      expect(wrong.stderr).toContain(problem);
  }, 60_000);
});
