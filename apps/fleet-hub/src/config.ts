import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { ConfigError, errorMessage, fleetIdPattern, parseConfig } from '@edge-blueprints/contracts';
import { dashboardConfigSchema, isLoopback } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import { alertsConfigSchema } from './alerts/alerts-config.js';
import { defaultPresenceLimits } from './devices/device-health.js';
import { defaultDeviceLimits } from './ingest/device-limits.js';
import { retentionConfigSchema } from './store/retention.js';

const file = (description: string) =>
  z
    .string()
    .min(1)
    .meta({ description: `${description} Relative to this file.` });
const ms = (description: string, low: number, high: number) => z.int().min(low).max(high).meta({ description });
const variable = (description: string) =>
  z
    .string()
    .regex(/^[A-Z][A-Z0-9_]{0,63}$/, 'is not the name of an environment variable')
    .meta({ description });

export const storeConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('pglite'),
    folder: file('Where the database is kept. One process at a time.'),
  }),
  z.strictObject({
    kind: z.literal('postgresql'),
    host: z.string().min(1).max(255),
    port: z.int().min(1).max(65_535).default(5_432),
    database: z.string().min(1).max(63),
    user: z.string().min(1).max(63),
    passwordEnv: variable('Environment variable with the password.').optional(),
    passwordFile: file('File with the password, instead of a variable.').optional(),
    tlsCaFile: file('CA of the server certificate; without it the connection is plain.').optional(),
    connections: z.int().min(2).max(100).default(10).meta({ description: 'Connections of this process at most.' }),
  }),
]);

const peerTls = {
  caFile: file('CA of the site in PEM.'),
  certFile: file('Certificate in PEM.'),
  keyFile: file('Private key in PEM.'),
};

export const brokerConfigSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('embedded'),
    host: z.string().min(1).default('127.0.0.1').meta({ description: 'Address that devices connect to.' }),
    port: z.int().min(0).max(65_535).default(8_883),
    tls: z
      .strictObject({
        ...peerTls,
        ownName: z.string().min(1).max(255).default('localhost').meta({
          description: 'A name of certFile under which the ingest reaches this broker; it must lead to this machine.',
        }),
        workerCertFile: file('Certificate of the ingest, for example hub.ingest.'),
        workerKeyFile: file('Its key.'),
      })
      .nullable()
      .default(null)
      .meta({ description: 'Mutual TLS. Null speaks plain MQTT and is for a demonstration on loopback only.' }),
  }),
  z.strictObject({
    kind: z.literal('mqtt'),
    url: z.string().regex(/^mqtts?:\/\/[^/@]+:\d+$/, 'is not mqtt://host:port or mqtts://host:port'),
    tls: z.strictObject(peerTls).nullable().default(null).meta({ description: 'Certificate of the ingest worker.' }),
    group: z.string().regex(fleetIdPattern).default('ingest').meta({
      description: 'Group of the shared subscription: each batch goes to one of its workers.',
    }),
  }),
]);

export const hubConfigSchema = z
  .strictObject({
    store: storeConfigSchema,
    broker: brokerConfigSchema,
    identity: z
      .strictObject({
        revocationsFile: file('Revocations of the site CA, which the command site-ca writes as well.'),
      })
      .meta({ description: 'Who is shut out.' }),
    ingest: z
      .strictObject({
        queueBytes: z.int().min(1_000_000).max(1_000_000_000).default(33_554_432).meta({
          description: 'Bound of what waits for its commit; beyond it the broker has to wait.',
        }),
        groupBytes: z.int().min(100_000).max(16_000_000).default(2_097_152).meta({
          description: 'Payload bytes of one transaction at most.',
        }),
        maxSeries: z.int().min(100).max(1_000_000).default(20_000).meta({
          description: 'Metric series (name and attributes) of the whole fleet at most.',
        }),
      })
      .prefault({}),
    devices: z
      .strictObject({
        staleAfterMs: ms('Silence after which a device is stale.', 1_000, 86_400_000).default(
          defaultPresenceLimits.staleAfterMs,
        ),
        offlineAfterMs: ms(
          'Silence after which a device is offline, whatever the broker says.',
          1_000,
          864_000_000,
        ).default(defaultPresenceLimits.offlineAfterMs),
        deathGraceMs: ms('How long a device may be disconnected unnoticed.', 0, 3_600_000).default(
          defaultPresenceLimits.deathGraceMs,
        ),
        clockSkewMs: ms('Wrong wall clock of a device.', 100, 86_400_000).default(defaultDeviceLimits.clockSkewMs),
        diskShare: z.number().min(0.1).max(1).default(defaultDeviceLimits.diskShare),
        temperatureC: z.number().min(20).max(150).default(defaultDeviceLimits.temperatureC),
        latencyMs: z.number().min(1).max(600_000).default(defaultDeviceLimits.latencyMs).meta({
          description: '99 of 100 parts must be faster than this from capture to act, ms.',
        }),
      })
      .prefault({})
      .meta({ description: 'When a device counts as stale, offline or degraded.' }),
    retention: retentionConfigSchema.prefault({}),
    alerts: alertsConfigSchema.prefault({}),
    dashboard: dashboardConfigSchema.prefault({ port: 4_210 }),
    page: z.strictObject({ folder: file('The built page.').default('../web/dist') }).prefault({}),
  })
  .check((context) => {
    const { broker, store, devices } = context.value;
    const problem = (path: readonly string[], message: string, input: unknown): void =>
      void context.issues.push({ code: 'custom', path: [...path], message, input });
    if (broker.kind === 'embedded' && broker.tls === null && !isLoopback(broker.host))
      problem(['broker', 'tls'], `is needed because other machines reach ${broker.host}`, broker.tls);
    if (broker.kind === 'mqtt' && (broker.tls === null) !== broker.url.startsWith('mqtt:'))
      problem(['broker', 'url'], 'mqtts:// goes with tls, mqtt:// without', broker.url);
    if (store.kind === 'postgresql' && store.passwordEnv !== undefined && store.passwordFile !== undefined)
      problem(['store', 'passwordFile'], 'and passwordEnv are both given; give one', store.passwordFile);
    if (store.kind === 'postgresql' && store.tlsCaFile === undefined && !isLoopback(store.host))
      problem(['store', 'tlsCaFile'], `is needed because ${store.host} is another machine`, store.tlsCaFile);
    if (devices.offlineAfterMs < devices.staleAfterMs)
      problem(['devices', 'offlineAfterMs'], 'is shorter than staleAfterMs', devices.offlineAfterMs);
  });
export type HubConfig = Readonly<z.infer<typeof hubConfigSchema>>;

/**
 * Reads the hub's configuration. Paths become absolute, from the folder of the file.
 * @throws ConfigError `config.unreadable`, `config.invalid` with every problem
 */
export function readHubConfig(path: string): HubConfig {
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new ConfigError('config.unreadable', `The configuration ${path} cannot be read: ${errorMessage(error)}`, {
      cause: error,
    });
  }
  return withAbsolutePaths(parseConfig(hubConfigSchema, input, path), dirname(resolve(path)));
}

function withAbsolutePaths(config: HubConfig, base: string): HubConfig {
  const at = (path: string): string => resolve(base, path);
  const { store, broker, identity, dashboard, page, alerts } = config;
  const files = <T extends Readonly<Record<string, unknown>>>(part: T): T => {
    const isPath = (key: string, value: unknown): value is string => key.endsWith('File') && typeof value === 'string';
    return {
      ...part,
      ...Object.fromEntries(Object.entries(part).flatMap(([k, v]) => (isPath(k, v) ? [[k, at(v)]] : []))),
    };
  };
  return {
    ...config,
    store: store.kind === 'pglite' ? { ...store, folder: at(store.folder) } : files(store),
    broker:
      broker.kind === 'embedded'
        ? { ...broker, tls: broker.tls === null ? null : files(broker.tls) }
        : { ...broker, tls: broker.tls === null ? null : files(broker.tls) },
    identity: files(identity),
    alerts: { ...alerts, outputs: alerts.outputs.map(files) },
    dashboard: dashboard.tls === undefined ? dashboard : { ...dashboard, tls: files(dashboard.tls) },
    page: { ...page, folder: at(page.folder) },
  };
}
