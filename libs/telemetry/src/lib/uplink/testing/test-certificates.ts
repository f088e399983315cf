import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const program = '/usr/bin/openssl';
/** Tests of TLS are skipped without it, but not in CI. */
export const opensslMissing = !existsSync(program) && process.env['CI'] !== 'true';

const run = promisify(execFile);

export interface TestAuthority {
  readonly caFile: string;
  /** Writes `{fileName}.crt` and `{fileName}.key`; the certificate is for `commonName` and 127.0.0.1. */
  issue(
    commonName: string,
    fileName?: string,
  ): Promise<{ readonly caFile: string; readonly certFile: string; readonly keyFile: string }>;
}

const ecKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc'] as const;

/** A CA and certificates of a day, in a folder, made by OpenSSL. */
export async function createTestAuthority(folder: string, name = 'ca'): Promise<TestAuthority> {
  const file = (base: string): string => join(folder, base);
  const [caFile, caKey] = [file(`${name}.crt`), file(`${name}.key`)];
  await run(program, [
    'req',
    '-x509',
    ...ecKey,
    '-days',
    '1',
    '-subj',
    `/CN=${name}`,
    '-keyout',
    caKey,
    '-out',
    caFile,
  ]);
  return {
    caFile,
    async issue(commonName, fileName = commonName) {
      const [certFile, keyFile] = [file(`${fileName}.crt`), file(`${fileName}.key`)];
      const subject = ['-subj', `/CN=${commonName}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
      const signed = ['-x509', '-days', '1', '-CA', caFile, '-CAkey', caKey];
      const end = ['-addext', 'basicConstraints=CA:FALSE'];
      await run(program, ['req', ...ecKey, ...signed, ...subject, ...end, '-keyout', keyFile, '-out', certFile]);
      return { caFile, certFile, keyFile };
    },
  };
}
