import { ConfigError, errorCode, errorMessage } from '@edge-blueprints/contracts';
import type { Clock, InferenceEngine, Logger, ParityGate, PartRecord, VerifiedModel } from '@edge-blueprints/contracts';
import {
  bundleUse,
  checkRevision,
  createFallbackEngine,
  createLadderEngine,
  createOnnxEngine,
  createOpenInferenceEngine,
  createSafeStateEngine,
  loadBundle,
  readTrustedKeys,
  rememberRevision,
  verifyGolden,
} from '@edge-blueprints/inference';
import type { BundleManifest, LoadedBundle, BundleDrift, ValidationScores } from '@edge-blueprints/inference';
import type { StationConfig } from '../config.js';
import { requireAllowedUse, suitableManifest } from './suitable-bundle.js';

export interface StationEngine {
  readonly engine: InferenceEngine;
  /** Judges while the inference server is gone; undefined where that is the same model, or nothing. */
  readonly standIn: InferenceEngine | undefined;
  readonly manifest: BundleManifest;
  readonly validationScores: ValidationScores | null;
  /** What the station compares itself with; null in a bundle without it. */
  readonly drift: BundleDrift | null;
  /** What is loaded, before anything ran. */
  readonly model: PartRecord['model'];
}

export interface StationEngineDeps {
  readonly log: Logger;
  readonly clock: Clock;
  readonly cacheFolder: string;
  /** The value of an environment variable that the configuration names. */
  readonly secret: (name: string) => string | undefined;
}

const warmUpRuns = 10;

/**
 * Verifies the bundle, loads and warms up every rung of the ladder and proves each with the bundle's golden vectors: this
 * machine computes what was validated. Nothing judges a part before that. An inference server is proved too when it is there.
 * @throws ConfigError `bundle.*`, `station.bundle-unsuitable`, `station.bundle-research`, `bundle.rollback`; DeviceError `infer.*`
 */
export async function openStationEngine(config: StationConfig, deps: StationEngineDeps): Promise<StationEngine> {
  const bundle = await openBundle(config);
  const manifest = suitableManifest(bundle, config);
  const { log, clock, cacheFolder } = deps;
  requireAllowedUse(bundle, config);
  const { allowRollback } = config.bundle;
  const revisions = { folder: config.record.folder, allowRollback, setting: 'bundle.allowRollback' };
  await checkRevision(revisions, manifest, log);
  const { fog, ladder } = config;
  const [first = ''] = ladder.variants;
  const own = fog?.policy.whenLost === 'safe-state' ? [] : ladder.variants;
  const rungs = own.map((id) => ({
    id,
    model: bundle.variant(id),
    engine: createOnnxEngine(config.engine, { clock, logger: log, cacheFolder }),
  }));
  const far = fog && { variant: fog.variant ?? first, model: bundle.variant(fog.variant ?? first) };
  const local =
    rungs.length === 0
      ? createSafeStateEngine()
      : createLadderEngine({ rungs, policy: ladder.policy, clock, logger: log });
  const remote = fog && openFogNode(fog, deps);
  const engine =
    remote === null || fog === null || far === null
      ? local
      : createFallbackEngine(remote, local, fog.policy, { clock, logger: log, remoteModel: far.model });
  try {
    const loaded = await engine.load(bundle.variant(rungs.length === 0 ? (far?.variant ?? first) : first));
    const runsMs = await engine.warmUp(warmUpRuns);
    for (const rung of rungs) await verifyGolden(rung.engine, bundle, rung.id);
    if (remote !== null && far !== null) await proveFogNode(remote, bundle, far.model, fog?.parity, log);
    await rememberRevision(revisions, manifest);
    const { name, version } = manifest;
    const { variant, provider, modelDigest: digest, loadMs } = loaded;
    log.info('infer.ready', {
      bundle: name,
      version,
      use: bundleUse(manifest),
      variant,
      provider,
      loadMs,
      lastRunMs: runsMs.at(-1),
      rungs: rungs.length,
    });
    return {
      engine,
      standIn: far !== null && rungs.length > 0 && far.variant !== first ? local : undefined,
      manifest,
      validationScores: bundle.validationScores,
      drift: bundle.drift,
      model: { bundle: name, version, variant, digest, provider, degradationLevel: 0 },
    };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}

function openFogNode(
  fog: NonNullable<StationConfig['fog']>,
  { clock, secret }: Pick<StationEngineDeps, 'clock' | 'secret'>,
): InferenceEngine {
  const token = fog.tokenEnv === undefined ? undefined : secret(fog.tokenEnv);
  return createOpenInferenceEngine(fog.engine, { clock, ...(token === undefined ? {} : { token }) });
}

/** One that is away or too slow now is no reason not to start; one that computes something else is. */
async function proveFogNode(
  remote: InferenceEngine,
  bundle: LoadedBundle,
  { variant }: VerifiedModel,
  parity: ParityGate | undefined,
  log: Logger,
): Promise<void> {
  try {
    await verifyGolden(remote, bundle, variant, { parity });
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    log.warn('infer.remote.not-proved', { code: errorCode(error), message: errorMessage(error) });
  }
}

async function openBundle(config: StationConfig): Promise<LoadedBundle> {
  const { folder, trustedKeys, minimumRevision } = config.bundle;
  return loadBundle(folder, {
    trustedKeys: await readTrustedKeys(trustedKeys),
    ...(minimumRevision === undefined ? {} : { minimumRevision }),
  });
}
