import { ConfigError } from '@edge-blueprints/contracts';
import type { Clock, InferenceEngine, Logger } from '@edge-blueprints/contracts';
import {
  bundleUse,
  checkRevision,
  createOnnxEngine,
  loadBundle,
  readTrustedKeys,
  rememberRevision,
  verifyGolden,
} from '@edge-blueprints/inference';
import type { BundleManifest, LoadedBundle } from '@edge-blueprints/inference';
import type { StoreConfig } from '../config.js';

/** What a store needs to know of a bundle to run its model. */
export type ModelRules = Pick<
  BundleManifest,
  'name' | 'version' | 'labels' | 'keypoints' | 'preprocess' | 'postprocess' | 'thresholds'
> & { readonly variants: readonly Pick<BundleManifest['variants'][number], 'id' | 'width' | 'height'>[] };

/** A model that was verified, loaded, warmed up and proved with its golden vectors. */
export interface OpenedModel {
  readonly engine: InferenceEngine;
  readonly manifest: ModelRules;
  readonly variant: string;
  readonly provider: string;
}

export interface ModelDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly cacheFolder: string;
}

/** Turns that the cameras may have at a time: one runs while the next is prepared. */
export const engineSlots = 2;
const warmUpRuns = 5;
type ModelRole = 'finder' | 'pose';
const tasksOf: Readonly<Record<ModelRole, readonly string[]>> = {
  finder: ['person-pose', 'person-detection', 'object-detection'],
  pose: ['keypoints-top-down'],
};
/** Label of the class that is counted. */
export const personLabel = 'person';

/** From this score on a person is taken as found; the bundle's own figure, chosen on its validation pictures. */
export function personThreshold({ thresholds }: Pick<BundleManifest, 'thresholds'>): number {
  return thresholds.find(({ label }) => label === personLabel)?.threshold ?? 0.5;
}

/**
 * The model that finds people, shared by all cameras. Nothing is counted before its golden vectors agree on this machine.
 * @throws ConfigError `bundle.*`, `store.bundle-unsuitable`, `store.bundle-research`; DeviceError `infer.*`
 */
export function openFinder(config: StoreConfig, deps: ModelDeps): Promise<OpenedModel> {
  return openModel(config, config.perception.bundle, 'finder', deps);
}

/** The model that looks at each person for body points; undefined where none is configured. */
export async function openPose(config: StoreConfig, deps: ModelDeps): Promise<OpenedModel | undefined> {
  const { pose } = config.perception;
  return pose === null ? undefined : openModel(config, pose, 'pose', deps);
}

async function openModel(
  config: StoreConfig,
  { folder, variant }: StoreConfig['perception']['bundle'],
  role: ModelRole,
  { log, clock, cacheFolder }: ModelDeps,
): Promise<OpenedModel> {
  const { perception } = config;
  const bundle = await loadBundle(folder, {
    trustedKeys: await readTrustedKeys(perception.trustedKeys),
    ...(perception.minimumRevision === undefined ? {} : { minimumRevision: perception.minimumRevision }),
  });
  requireSuitable(bundle, role);
  requireAllowedUse(bundle, config);
  const { allowRollback } = perception;
  const revisions = { folder: config.state.folder, allowRollback, setting: 'perception.allowRollback' };
  await checkRevision(revisions, bundle.manifest, log);
  const engine = createOnnxEngine(
    { ...perception.engine, waiting: Math.max(perception.engine.waiting, engineSlots) },
    { clock, logger: log, cacheFolder },
  );
  try {
    const loaded = await engine.load(bundle.variant(variant));
    const runsMs = await engine.warmUp(warmUpRuns);
    await verifyGolden(engine, bundle, variant);
    await rememberRevision(revisions, bundle.manifest);
    const { name, version } = bundle.manifest;
    const { provider, loadMs } = loaded;
    const use = bundleUse(bundle.manifest);
    log.info('infer.ready', { bundle: name, version, use, variant, provider, loadMs, lastRunMs: runsMs.at(-1) });
    return { engine, manifest: bundle.manifest, variant, provider };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}

/** Exported for its test. @throws ConfigError `store.bundle-unsuitable` with every problem */
export function requireSuitable(
  {
    manifest,
    folder,
  }: Pick<LoadedBundle, 'folder'> & {
    readonly manifest: Pick<BundleManifest, 'name' | 'task'> & {
      readonly labels: readonly string[];
      readonly preprocess: Pick<BundleManifest['preprocess'], 'kind'>;
    };
  },
  role: ModelRole,
): void {
  const tasks = tasksOf[role];
  const problems = [
    ...(tasks.includes(manifest.task) ? [] : [`its task is "${manifest.task}", needed is ${tasks.join(' or ')}`]),
    ...(manifest.preprocess.kind === 'test-and-template' ? ['it compares pictures with a template'] : []),
    ...(role === 'finder' && !manifest.labels.includes(personLabel)
      ? [`none of its labels is "${personLabel}": ${manifest.labels.slice(0, 8).join(', ')}`]
      : []),
  ];
  if (problems.length === 0) return;
  throw new ConfigError(
    'store.bundle-unsuitable',
    `Bundle ${manifest.name} in ${folder} does not suit a store:\n  ${problems.join('\n  ')}`,
  );
}

function requireAllowedUse({ manifest, folder }: LoadedBundle, config: StoreConfig): void {
  if (bundleUse(manifest) !== 'research' || config.store.simulated || config.perception.allowResearch) return;
  const { spdx, note } = manifest.licence;
  throw new ConfigError(
    'store.bundle-research',
    `Bundle ${manifest.name} ${manifest.version} in ${folder} is for research use only (${spdx}): ${note}\n` +
      'This store is in production (store.simulated is false). Deploy a bundle trained on data of your own, or set perception.allowResearch: true where the terms of its data permit this use.',
    { context: { bundle: manifest.name, licence: spdx } },
  );
}
