import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError, errorMessage, fleetIdPattern, parseConfig, wardRoles } from '@edge-blueprints/contracts';
import { dashboardConfigSchema, isLoopback } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import { alarmConfigSchema } from './alarms/alarm-config.js';
import { type FhirConfig, fhirConfigSchema } from './fhir/fhir-config.js';
import { ingestSettingsSchema } from './ingest/ingest.js';
import { bedLimitsSchema } from './limits/limit-settings.js';
import { wardWatchSettingsSchema } from './limits/ward-watch.js';
import { observationSettingsSchema } from './scores/observations/observation-desk.js';

const name = z.string().regex(fleetIdPattern, 'use 1 to 64 of a-z, 0-9 and -');
const path = (description: string) =>
  z
    .string()
    .min(1)
    .meta({ description: `${description} Relative to this file.` });
const bedName = z.string().regex(/^bed\/[a-z0-9-]{1,40}$/, 'use a pseudonym such as bed/07');
const peerTls = z.strictObject({
  caFile: path('CA in PEM.'),
  certFile: path('Certificate in PEM.'),
  keyFile: path('Private key in PEM.'),
});

export const brokerConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('embedded').meta({ description: 'A plain broker on loopback in this process: for trying it.' }),
    host: z.string().refine(isLoopback, 'is reachable from other machines: use an MQTT broker with TLS'),
    port: z.int().min(0).max(65_535).default(1_883),
  }),
  z.strictObject({
    kind: z.literal('mqtt'),
    url: z.string().regex(/^mqtts?:\/\/[^/@]+:\d+$/, 'is not mqtt://host:port or mqtts://host:port'),
    tls: peerTls.nullable().default(null),
  }),
]);

/** A patient and wearable that are at a bed when the gateway first starts: for a demonstration. */
const admissionSchema = z.strictObject({
  bed: bedName,
  device: name.optional(),
  name: z.string().min(1).max(80),
  ageYears: z.int().min(0).max(130),
  pregnant: z.boolean().default(false),
  /** 2: a target of 88 to 92 % is prescribed; `limits` of this bed over the ward's then belong to it. */
  scale: z.union([z.literal(1), z.literal(2)]).default(1),
  limits: z.record(z.string(), z.number()).default({}).meta({ description: 'Some of the limits, of this bed.' }),
});

export const wardConfigSchema = z
  .strictObject({
    site: name,
    ward: name,
    simulated: z.boolean().default(false).meta({ description: 'Said on the page.' }),
    beds: z
      .array(z.strictObject({ bed: bedName, label: z.string().min(1).max(40) }))
      .min(1)
      .max(400),
    admissions: z.array(admissionSchema).max(400).default([]),
    chain: z
      .array(z.strictObject({ id: z.string().min(1).max(64), role: z.enum(wardRoles) }))
      .max(20)
      .default([])
      .meta({ description: 'Who is asked to answer an alarm, in this order.' }),
    broker: brokerConfigSchema,
    alarms: alarmConfigSchema.prefault({}),
    limits: bedLimitsSchema.prefault({}),
    watch: wardWatchSettingsSchema.prefault({}),
    observations: observationSettingsSchema.prefault({}),
    ingest: ingestSettingsSchema.prefault({}),
    usersFile: path('People with their roles and hashes of their PINs; see the command users-main.ts.'),
    stateFolder: path('Alarm journal and snapshots.'),
    audit: z.strictObject({
      folder: path('The trail.'),
      keyFolder: path('The key that signs it; made at the first start.'),
      witness: z.strictObject({ url: z.url(), vkeyFile: path('Public key of the witness.') }).optional(),
      siem: z
        .strictObject({
          host: z.string().min(1).max(255),
          port: z.int().min(1).max(65_535).default(6_514),
          serverName: z.string().min(1).max(255).optional(),
          ...peerTls.shape,
        })
        .optional(),
    }),
    fhir: fhirConfigSchema.default({ mode: 'off' }),
    self: z
      .strictObject({
        leastFreeMiB: z.int().min(1).max(1_000_000).default(256).meta({
          description: 'Less room for trail and journal is an alarm.',
        }),
        outboxStuckMs: z.int().min(2_000).max(3_600_000).default(60_000).meta({
          description: 'SIEM or FHIR server takes nothing for so long: an alarm.',
        }),
        outboxMostWaiting: z.int().min(1).max(10_000_000).default(50_000),
      })
      .prefault({})
      .meta({ description: 'What the gateway watches of itself.' }),
    stations: z
      .strictObject({
        fewest: z.int().min(0).max(64).default(0).meta({
          description: 'Fewer stations that answer are an alarm.',
        }),
        file: path('Stations that must be there, see the command stations-main.ts.').optional(),
        silentAfterMs: z.int().min(2_000).max(60_000).default(5_000),
      })
      .prefault({}),
    secondPerson: z
      .strictObject({
        shelveOverMinutes: z.int().min(1).max(60).default(30).meta({
          description: 'Silencing a bed for longer needs a second person.',
        }),
        validMinutes: z.int().min(1).max(60).default(10),
      })
      .prefault({}),
    clock: z.enum(['timesyncd', 'trusted']).default('timesyncd').meta({
      description: 'Who tells that the clock is right: chrony or systemd-timesyncd of this machine, or the operator.',
    }),
    model: z
      .strictObject({
        folder: path('Signed bundle of the advisory, for example models/bundles/vitals-anomaly.'),
        trustedKeysFile: path('Keys that may sign it.'),
      })
      .optional()
      .meta({ description: 'Advice beside the rules; the ward runs without it as well.' }),
    shiftStartHours: z.array(z.int().min(0).max(23)).min(1).max(6).default([6, 14, 22]),
    dashboard: dashboardConfigSchema.prefault({ port: 4_230 }),
    pageFolder: path('The built page.').default('../web/dist'),
  })
  .check((context) => {
    const { beds, admissions, broker } = context.value;
    const problem = (at: readonly (string | number)[], message: string, input: unknown): void =>
      void context.issues.push({ code: 'custom', path: [...at], message, input });
    const known = new Set(beds.map(({ bed }) => bed));
    if (known.size < beds.length) problem(['beds'], 'names a bed twice', beds);
    for (const [index, { bed }] of admissions.entries())
      if (!known.has(bed)) problem(['admissions', index, 'bed'], 'is not one of beds', bed);
    if (broker.kind === 'mqtt' && (broker.tls === null) !== broker.url.startsWith('mqtt:'))
      problem(['broker', 'url'], 'mqtts:// goes with tls, mqtt:// without', broker.url);
    if (broker.kind === 'mqtt' && broker.tls === null && !isLoopback(new URL(broker.url).hostname))
      problem(['broker', 'tls'], 'is needed because the broker is another machine', broker.tls);
  });
export type WardConfig = Readonly<z.infer<typeof wardConfigSchema>>;

/**
 * Reads the configuration of a ward's gateway. Paths become absolute, from the folder of the file.
 * @throws ConfigError `config.unreadable`, `config.invalid` with every problem
 */
export function readWardConfig(file: string): WardConfig {
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError('config.unreadable', `The configuration ${file} cannot be read: ${errorMessage(error)}`, {
      cause: error,
    });
  }
  const config = parseConfig(wardConfigSchema, input, file);
  const base = dirname(resolve(file));
  const at = (given: string): string => resolve(base, given);
  const tlsAt = (tls: z.infer<typeof peerTls>) => ({
    caFile: at(tls.caFile),
    certFile: at(tls.certFile),
    keyFile: at(tls.keyFile),
  });
  const { broker, audit, dashboard, fhir } = config;
  return {
    ...config,
    broker: broker.kind === 'embedded' || broker.tls === null ? broker : { ...broker, tls: tlsAt(broker.tls) },
    ...(config.model === undefined
      ? {}
      : { model: { folder: at(config.model.folder), trustedKeysFile: at(config.model.trustedKeysFile) } }),
    usersFile: at(config.usersFile),
    stations:
      config.stations.file === undefined ? config.stations : { ...config.stations, file: at(config.stations.file) },
    stateFolder: at(config.stateFolder),
    pageFolder: at(config.pageFolder),
    audit: {
      folder: at(audit.folder),
      keyFolder: at(audit.keyFolder),
      ...(audit.witness === undefined ? {} : { witness: { ...audit.witness, vkeyFile: at(audit.witness.vkeyFile) } }),
      ...(audit.siem === undefined ? {} : { siem: { ...audit.siem, ...tlsAt(audit.siem) } }),
    },
    fhir: fhirWithPaths(fhir, at),
    dashboard:
      dashboard.tls === undefined
        ? dashboard
        : { ...dashboard, tls: { certFile: at(dashboard.tls.certFile), keyFile: at(dashboard.tls.keyFile) } },
  };
}

function fhirWithPaths(fhir: FhirConfig, at: (given: string) => string): FhirConfig {
  if (fhir.mode === 'off' || fhir.auth.kind === 'none') return fhir;
  return { ...fhir, auth: { ...fhir.auth, privateKeyFile: at(fhir.auth.privateKeyFile) } };
}
