import { existsSync, readFileSync } from 'node:fs';
import { ConfigError, errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { writeFileAtomic } from './atomic-file.js';

export const certificateKinds = ['hub', 'worker', 'device'] as const;
export type CertificateKind = (typeof certificateKinds)[number];

const recordSchema = z.strictObject({
  /** Upper-case hex. */
  serialNumber: z.string().regex(/^[0-9A-F]{2,40}$/),
  /** Common name. */
  name: z.string().min(1).max(64),
  kind: z.enum(certificateKinds),
  /** UTC. */
  notBefore: z.iso.datetime(),
  notAfter: z.iso.datetime(),
});
const indexSchema = z.strictObject({ version: z.literal(1), certificates: z.array(recordSchema) });

/** One certificate that the CA has issued. All are kept, since a revoked one must stay known until it ends. */
export type CertificateRecord = Readonly<z.infer<typeof recordSchema>>;

/** @throws ConfigError `identity.index`, `config.invalid` */
export function readCertificateIndex(file: string): readonly CertificateRecord[] {
  if (!existsSync(file)) return [];
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ConfigError('identity.index', `${file} cannot be read: ${errorMessage(cause)}; restore it from a copy`, {
      cause,
    });
  }
  return parseConfig(indexSchema, json, file).certificates;
}

export function writeCertificateIndex(file: string, certificates: readonly CertificateRecord[]): void {
  const lines = certificates.map((record) => JSON.stringify(record)).join(',\n');
  writeFileAtomic(file, `{"version":1,"certificates":[\n${lines}\n]}\n`, { mode: 0o644, replace: true, sync: true });
}

/** The newest of each name. */
export function newestByName(certificates: readonly CertificateRecord[]): ReadonlyMap<string, CertificateRecord> {
  return new Map(certificates.map((record) => [record.name, record]));
}
