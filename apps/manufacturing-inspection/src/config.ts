import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { cameraSchema } from '@edge-blueprints/cameras';
import type { CameraConfig } from '@edge-blueprints/cameras';
import { ConfigError, errorMessage, parityGateSchema, parseConfig } from '@edge-blueprints/contracts';
import { dashboardConfigSchema } from '@edge-blueprints/dashboard';
import {
  fallbackPolicySchema,
  ladderPolicySchema,
  onnxEngineConfigSchema,
  openInferenceEngineConfigSchema,
} from '@edge-blueprints/inference';
import { plcConfigSchema } from '@edge-blueprints/plc';
import { uplinkConfigSchema } from '@edge-blueprints/telemetry';
import { lightRangeSchema, thresholdsSchema } from '@edge-blueprints/vision';
import { z } from 'zod';
import { driftConfigSchema, labelConfigSchema } from './drift/drift-config.js';
import { mesConfigSchema } from './record/mes-delivery.js';

const folder = (description: string) =>
  z
    .string()
    .min(1)
    .meta({ description: `${description} Relative to this file.` });
const ms = (description: string, low: number, high: number) => z.int().min(low).max(high).meta({ description });

export const stationConfigSchema = z
  .strictObject({
    station: z.strictObject({
      id: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/, 'letters, digits, dot, dash, underscore; at most 32')
        .meta({ description: 'Name of the station in records and messages.' }),
      simulated: z
        .boolean()
        .default(false)
        .meta({ description: 'Marks records, page and PLC status as coming from a rig.' }),
      clockSynchronised: z
        .boolean()
        .default(true)
        .meta({ description: 'False where the host clock is kept by nobody; marks the records and the PLC status.' }),
      recipeId: z
        .int()
        .min(1)
        .max(65_535)
        .default(1)
        .meta({ description: 'Active recipe; a part announced for another one never passes.' }),
    }),
    camera: cameraSchema,
    frame: z.strictObject({
      width: z.int().min(16).max(16_384).nullable().meta({
        description:
          'Expected width, pixels; another size never passes. Null takes any, for models that scale the picture themselves.',
      }),
      height: z.int().min(16).max(16_384).nullable().meta({ description: 'Expected height, pixels; null takes any.' }),
      frozenFrames: z
        .int()
        .min(0)
        .max(100)
        .default(2)
        .meta({ description: 'Identical pictures in a row that mean a frozen camera; 0 for a source without noise.' }),
    }),
    templates: z
      .strictObject({
        folder: folder('Golden templates, one picture a product.'),
        pattern: z
          .string()
          .includes('{productId}')
          .default('{productId}_temp.png')
          .meta({ description: 'File name of a template.' }),
        capacity: z
          .int()
          .min(1)
          .max(4_096)
          .default(64)
          .meta({ description: 'Templates held in memory; as many are read at the start.' }),
        defaultProduct: z
          .string()
          .min(1)
          .default('default')
          .meta({ description: 'Product of frames without a trigger tag.' }),
      })
      .nullable()
      .meta({ description: 'Null for models that look at the part alone.' }),
    bundle: z.strictObject({
      folder: folder('Model bundle.'),
      trustedKeys: folder('Public keys whose bundles are accepted.'),
      minimumRevision: z.int().min(1).optional().meta({ description: 'Refuses an older bundle.' }),
      allowRollback: z.boolean().default(false).meta({
        description: 'Accepts a bundle older than the newest one that this station has run.',
      }),
      allowResearch: z.boolean().default(false).meta({
        description: 'Accepts a bundle for research use in production. A simulated station needs no such leave.',
      }),
    }),
    engine: onnxEngineConfigSchema.prefault({}).meta({ description: 'onnxruntime on this machine.' }),
    ladder: z
      .strictObject({
        variants: z
          .array(z.string().min(1))
          .min(1)
          .max(8)
          .default(['int8-640'])
          .meta({ description: 'Variants of the bundle, the best first; each further one is a rung to fall back to.' }),
        policy: ladderPolicySchema.prefault({ budgetMs: 60 }).meta({ description: 'When the ladder moves.' }),
      })
      .prefault({}),
    fog: z
      .strictObject({
        engine: openInferenceEngineConfigSchema,
        variant: z
          .string()
          .min(1)
          .optional()
          .meta({ description: 'Variant that the server holds; the first of the ladder when left out.' }),
        parity: parityGateSchema.optional().meta({
          description:
            'For a server that runs an artefact compiled to integers of its own, as an INT8 variant: `parity` of its route in target.json. Left out: every golden value within the tolerance of the bundle.',
        }),
        policy: fallbackPolicySchema.prefault({}),
        tokenEnv: z
          .string()
          .min(1)
          .optional()
          .meta({ description: 'Name of the environment variable that holds a bearer token.' }),
      })
      .nullable()
      .default(null)
      .meta({
        description:
          'Inference server that is asked first; what is done without it stands in policy.whenLost. Null: this machine alone.',
      }),
    plc: plcConfigSchema,
    join: z
      .strictObject({
        by: z.enum(['encoder', 'time']).default('encoder').meta({
          description:
            'encoder: the camera latches the encoder with each picture. time: a camera that runs freely; the first picture after a trigger is the part.',
        }),
        toleranceCounts: z
          .int()
          .min(0)
          .max(10_000)
          .default(4)
          .meta({ description: 'Largest encoder difference of frame and trigger of one part, counts.' }),
        triggerWaitMs: ms('How long a frame waits for its trigger, ms.', 1, 60_000).default(250),
        frameWaitMs: ms('How long a trigger waits for its frame before the part gets ERROR, ms.', 1, 60_000).default(
          250,
        ),
      })
      .prefault({}),
    decide: z
      .strictObject({
        partDeadlineMs: ms('From capture to verdict; later ones never pass, ms.', 5, 60_000).default(200),
        onAbstain: z
          .enum(['reject', 'review', 'error'])
          .default('reject')
          .meta({ description: 'Verdict of a part that could not be judged. There is no pass.' }),
        thresholds: thresholdsSchema.shape.perClass
          .or(z.tuple([]))
          .default([])
          .meta({ description: 'Overrides of the thresholds of the bundle.' }),
        regions: thresholdsSchema.shape.regions.meta({
          description: 'Areas of the part with thresholds of their own.',
        }),
      })
      .prefault({}),
    light: lightRangeSchema
      .nullable()
      .default(null)
      .meta({ description: 'Light limits of the recipe; null checks for black pictures only.' }),
    golden: z
      .strictObject({
        folder: folder('Golden set with golden.json; null for none.').nullable().default(null),
        required: z
          .boolean()
          .default(true)
          .meta({ description: 'Withholds READY until the set has passed. False is for commissioning only.' }),
        runAtStart: z.boolean().default(true).meta({ description: 'Runs the set when the station starts.' }),
      })
      .prefault({}),
    record: z.strictObject({
      folder: folder('Records, counters and operator thresholds.'),
      maxBytes: z
        .int()
        .min(1_000_000)
        .max(10_000_000_000_000)
        .default(2_000_000_000)
        .meta({ description: 'Bound of the record store, bytes.' }),
      passImageSampling: z
        .number()
        .min(0)
        .max(1)
        .default(0.05)
        .meta({ description: 'Share of passed parts whose picture is kept.' }),
    }),
    mes: mesConfigSchema
      .nullable()
      .default(null)
      .meta({ description: 'Where records are delivered; null for nowhere.' }),
    hub: uplinkConfigSchema
      .nullable()
      .default(null)
      .meta({ description: 'The fleet hub, and what waits for it; null for a station by itself.' }),
    telemetry: z
      .strictObject({
        reportEveryMs: ms('How often the machine is looked at and metrics are reported, ms.', 1_000, 3_600_000).default(
          15_000,
        ),
        target: z
          .string()
          .min(1)
          .max(64)
          .default('cpu')
          .meta({ description: 'Hardware of this station, a folder of blueprints/targets.' }),
      })
      .prefault({}),
    drift: driftConfigSchema
      .nullable()
      .prefault({})
      .meta({ description: 'Watches pictures and answers against the reference of the bundle; null for not at all.' }),
    labels: labelConfigSchema
      .nullable()
      .default(null)
      .meta({ description: 'Verdicts that a person is asked to check at the hub; null for none.' }),
    dashboard: dashboardConfigSchema.prefault({}),
    page: z
      .strictObject({
        folder: folder('The built page.').default('../web/dist'),
        subgroupSize: z.int().min(5).max(10_000).default(50).meta({ description: 'Parts per point of the p-chart.' }),
      })
      .prefault({}),
  })
  .check((context) => {
    const { golden, decide, plc } = context.value;
    if (golden.required && golden.folder === null) {
      context.issues.push({
        code: 'custom',
        input: golden.folder,
        path: ['golden', 'folder'],
        message:
          'golden.required withholds READY until a golden set has passed, but there is no set; give its folder, or set required: false while commissioning',
      });
    }
    if (decide.partDeadlineMs > plc.inspectionTimeoutMs) {
      context.issues.push({
        code: 'custom',
        input: decide.partDeadlineMs,
        path: ['decide', 'partDeadlineMs'],
        message: `is longer than plc.inspectionTimeoutMs (${plc.inspectionTimeoutMs}), after which the part has got ERROR`,
      });
    }
  });

export type StationConfig = Readonly<z.infer<typeof stationConfigSchema>>;

/**
 * Reads the station's configuration. Paths become absolute, from the folder of the file.
 * @throws ConfigError `config.unreadable`, `config.invalid` with every problem
 */
export function readStationConfig(file: string): StationConfig {
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError('config.unreadable', `The configuration ${file} cannot be read: ${errorMessage(error)}`, {
      cause: error,
    });
  }
  return withAbsolutePaths(parseConfig(stationConfigSchema, input, file), dirname(resolve(file)));
}

function withAbsolutePaths(config: StationConfig, base: string): StationConfig {
  const at = (path: string): string => resolve(base, path);
  const { templates, bundle, golden, record, page, hub } = config;
  return {
    ...config,
    camera: cameraFrom(config.camera, at),
    templates: templates === null ? null : { ...templates, folder: at(templates.folder) },
    bundle: { ...bundle, folder: at(bundle.folder), trustedKeys: at(bundle.trustedKeys) },
    golden: { ...golden, folder: golden.folder === null ? null : at(golden.folder) },
    record: { ...record, folder: at(record.folder) },
    page: { ...page, folder: at(page.folder) },
    hub:
      hub === null
        ? null
        : { ...hub, tls: hub.tls && filesFrom(hub.tls, at), outbox: { ...hub.outbox, file: at(hub.outbox.file) } },
  };
}

function filesFrom(tls: NonNullable<NonNullable<StationConfig['hub']>['tls']>, at: (path: string) => string) {
  return { caFile: at(tls.caFile), certFile: at(tls.certFile), keyFile: at(tls.keyFile) };
}

function cameraFrom(camera: CameraConfig, at: (path: string) => string): CameraConfig {
  if (camera.kind === 'folder') return { ...camera, folder: at(camera.folder) };
  return camera.kind === 'video' ? { ...camera, file: at(camera.file) } : camera;
}
