import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { cameraSchema } from '@edge-blueprints/cameras';
import type { CameraConfig } from '@edge-blueprints/cameras';
import { ConfigError, errorMessage, parseConfig } from '@edge-blueprints/contracts';
import { dashboardConfigSchema } from '@edge-blueprints/dashboard';
import { onnxEngineConfigSchema } from '@edge-blueprints/inference';
import { uplinkConfigSchema } from '@edge-blueprints/telemetry';
import { trackerSchema } from '@edge-blueprints/vision';
import { z } from 'zod';
import { privacySchema } from './privacy/privacy-config.js';

const path = (description: string) =>
  z
    .string()
    .min(1)
    .meta({ description: `${description} Relative to this file.` });
const identifier = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, 'must be lower-case letters, digits and dashes, at most 32');

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
}

const storeCameraSchema = z.strictObject({
  id: identifier.meta({ description: 'Name of the camera on the page, in its calibration and in metrics.' }),
  source: cameraSchema.meta({ description: 'Where its pictures come from: socket, rtsp, usb, video or folder.' }),
  calibration: path(
    'Its calibration; written by the calibration page. While it is not there, the camera is shown and counts nothing.',
  ),
  mount: z
    .enum(['overhead', 'oblique'])
    .default('oblique')
    .meta({ description: 'How it hangs, until a calibration says so.' }),
  floorFramesPerS: z
    .number()
    .gt(0)
    .max(60)
    .default(8)
    .meta({ description: 'Looked at less often than this, its figures are degraded. Below 8 tracks break.' }),
});

const bundleSchema = z.strictObject({
  folder: path('Model bundle.'),
  variant: z.string().min(1).meta({ description: 'Variant of the bundle, for example int8-416.' }),
});

const perceptionSchema = z.strictObject({
  bundle: bundleSchema.meta({ description: 'Finds people: task person-pose, person-detection or object-detection.' }),
  pose: bundleSchema
    .nullable()
    .default(null)
    .meta({ description: 'Top-down pose of each person that the first model found; null for none.' }),
  trustedKeys: path('Public keys whose bundles are accepted.'),
  minimumRevision: z.int().min(1).optional().meta({ description: 'Refuses an older bundle.' }),
  allowRollback: z.boolean().default(false).meta({
    description: 'Accepts a bundle older than the newest that this node has run.',
  }),
  allowResearch: z.boolean().default(false).meta({
    description: 'Accepts a bundle for research use in production. A simulated store needs no such leave.',
  }),
  engine: onnxEngineConfigSchema.prefault({}).meta({ description: 'onnxruntime on this machine.' }),
  maxFrameAgeMs: z
    .int()
    .min(50)
    .max(10_000)
    .default(1_000)
    .meta({ description: 'Frames that are older when their turn comes, or when the engine answers, are let go, ms.' }),
  maxPeople: z
    .int()
    .min(1)
    .max(500)
    .default(100)
    .meta({ description: 'People of one frame that are followed; the rest is counted as dropped.' }),
});

export const storeConfigSchema = z
  .strictObject({
    store: z.strictObject({
      id: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'letters, digits, dot, dash, underscore; at most 32')
        .meta({ description: 'Name of the store in releases and messages.' }),
      simulated: z.boolean().default(false).meta({ description: 'Marks releases and page as coming from a rig.' }),
      timeZone: z.string().default('UTC').refine(isTimeZone, 'is no IANA time zone, for example Europe/Berlin').meta({
        description: 'Of the day that "today" means on the page; release windows are UTC whatever this says.',
      }),
    }),
    plan: path('Floor plan: zones, lines, queues, staff areas and masks. Edits on the page are kept here.'),
    firstPlan: path('Floor plan to begin with, where `plan` is not there yet; never written.').optional(),
    cameras: z.array(storeCameraSchema).min(1).max(16),
    perception: perceptionSchema,
    tracker: trackerSchema
      .prefault({ kind: 'oc-sort' })
      .meta({ description: 'How detections become tracks; limits in seconds, defaults for 8 to 25 frames a second.' }),
    measures: z
      .strictObject({
        graceS: z
          .int()
          .min(0)
          .max(7_200)
          .default(900)
          .meta({ description: 'How long a window waits for tracks that began in it, seconds.' }),
      })
      .prefault({}),
    privacy: privacySchema.meta({ description: 'Release windows, budget of a day, ledger, minimum counts.' }),
    hub: uplinkConfigSchema
      .nullable()
      .default(null)
      .meta({ description: 'The fleet hub, and what waits for it; null for a store by itself.' }),
    telemetry: z
      .strictObject({
        reportEveryMs: z
          .int()
          .min(1_000)
          .max(3_600_000)
          .default(15_000)
          .meta({ description: 'How often the machine is looked at and metrics are reported, ms.' }),
        target: z
          .string()
          .min(1)
          .max(64)
          .default('cpu')
          .meta({ description: 'Hardware of this node, a folder of blueprints/targets.' }),
      })
      .prefault({}),
    state: z.strictObject({
      folder: path('Engine cache and what was learnt about cameras. Nothing about anybody.'),
    }),
    dashboard: dashboardConfigSchema.prefault({}),
    page: z
      .strictObject({
        folder: path('The built page.').default('../web/dist'),
        calibrationPictures: z.boolean().default(false).meta({
          description:
            'Lets a signed-in operator see the people-free background of a camera, to click calibration points. Needs a restart, stands on the page and in the audit.',
        }),
      })
      .prefault({}),
  })
  .check((context) => {
    const { cameras, measures, privacy } = context.value;
    const seen = new Map<string, number>();
    for (const [i, { id }] of cameras.entries()) {
      const first = seen.get(id);
      if (first === undefined) seen.set(id, i);
      else
        context.issues.push({
          code: 'custom',
          input: id,
          path: ['cameras', i, 'id'],
          message: `is the name of cameras[${first}] already; give each camera its own`,
        });
    }
    if (measures.graceS > privacy.windows.shortS * 4)
      context.issues.push({
        code: 'custom',
        input: measures.graceS,
        path: ['measures', 'graceS'],
        message: `is more than four windows of ${privacy.windows.shortS} s; releases would come too late to be of use`,
      });
  });

export type StoreConfig = Readonly<z.infer<typeof storeConfigSchema>>;
export type StoreCameraConfig = StoreConfig['cameras'][number];

/**
 * Reads the store's configuration. Paths become absolute, from the folder of the file.
 * @throws ConfigError `config.unreadable`, `config.invalid` with every problem
 */
export function readStoreConfig(file: string): StoreConfig {
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError('config.unreadable', `The configuration ${file} cannot be read: ${errorMessage(error)}`, {
      cause: error,
    });
  }
  return withAbsolutePaths(parseConfig(storeConfigSchema, input, file), dirname(resolve(file)));
}

function withAbsolutePaths(config: StoreConfig, base: string): StoreConfig {
  const at = (relative: string): string => resolve(base, relative);
  const { perception, privacy, hub, page, state } = config;
  const { ledger } = privacy;
  return {
    ...config,
    plan: at(config.plan),
    ...(config.firstPlan === undefined ? {} : { firstPlan: at(config.firstPlan) }),
    cameras: config.cameras.map((camera) => ({
      ...camera,
      calibration: at(camera.calibration),
      source: sourceFrom({ ...camera.source, id: camera.id }, at),
    })),
    perception: {
      ...perception,
      bundle: { ...perception.bundle, folder: at(perception.bundle.folder) },
      pose: perception.pose && { ...perception.pose, folder: at(perception.pose.folder) },
      trustedKeys: at(perception.trustedKeys),
    },
    privacy: {
      ...privacy,
      ledger: {
        ...ledger,
        folder: at(ledger.folder),
        witnessFile: ledger.witnessFile === null ? null : at(ledger.witnessFile),
      },
    },
    state: { folder: at(state.folder) },
    page: { ...page, folder: at(page.folder) },
    hub:
      hub === null
        ? null
        : { ...hub, tls: hub.tls && filesFrom(hub.tls, at), outbox: { ...hub.outbox, file: at(hub.outbox.file) } },
  };
}

function filesFrom(tls: NonNullable<NonNullable<StoreConfig['hub']>['tls']>, at: (path: string) => string) {
  return { caFile: at(tls.caFile), certFile: at(tls.certFile), keyFile: at(tls.keyFile) };
}

function sourceFrom(source: CameraConfig, at: (path: string) => string): CameraConfig {
  if (source.kind === 'folder') return { ...source, folder: at(source.folder) };
  return source.kind === 'video' ? { ...source, file: at(source.file) } : source;
}
