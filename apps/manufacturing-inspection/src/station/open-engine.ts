import type { Clock, InferenceEngine, Logger, PartRecord } from '@edge-blueprints/contracts';
import {
  bundleUse,
  createFallbackEngine,
  createLadderEngine,
  createOnnxEngine,
  createOpenInferenceEngine,
  loadBundle,
  readTrustedKeys,
  verifyGolden,
} from '@edge-blueprints/inference';
import type { BundleManifest, LoadedBundle, BundleDrift, ValidationScores } from '@edge-blueprints/inference';
import type { StationConfig } from '../config.js';
import { checkRevision, rememberRevision } from './bundle-revisions.js';
import { requireAllowedUse, suitableManifest } from './suitable-bundle.js';

export interface StationEngine {
  readonly engine: InferenceEngine;
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
 * machine computes what was validated. Nothing judges a part before that.
 * @throws ConfigError `bundle.*`, `station.bundle-unsuitable`, `station.bundle-research`, `station.bundle-rollback`; DeviceError `infer.*`
 */
export async function openStationEngine(config: StationConfig, deps: StationEngineDeps): Promise<StationEngine> {
  const bundle = await openBundle(config);
  const manifest = suitableManifest(bundle, config);
  const { log, clock, cacheFolder } = deps;
  requireAllowedUse(bundle, config);
  await checkRevision(config, manifest, log);
  const rungs = config.ladder.variants.map((id) => ({
    id,
    model: bundle.variant(id),
    engine: createOnnxEngine(config.engine, { clock, logger: log, cacheFolder }),
  }));
  const ladder = createLadderEngine({ rungs, policy: config.ladder.policy, clock, logger: log });
  const engine = config.fog === null ? ladder : withFogNode(ladder, config.fog, deps);
  try {
    const [best] = rungs;
    const loaded = await engine.load(best?.model ?? bundle.variant(''));
    const runsMs = await engine.warmUp(warmUpRuns);
    for (const rung of rungs) await verifyGolden(rung.engine, bundle, rung.id);
    if (config.fog !== null) await verifyGolden(engine, bundle, loaded.variant);
    await rememberRevision(config, manifest);
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

function withFogNode(
  local: InferenceEngine,
  fog: NonNullable<StationConfig['fog']>,
  { log, clock, secret }: StationEngineDeps,
): InferenceEngine {
  const token = fog.tokenEnv === undefined ? undefined : secret(fog.tokenEnv);
  const remote = createOpenInferenceEngine(fog.engine, { clock, ...(token === undefined ? {} : { token }) });
  return createFallbackEngine(remote, local, fog.policy, { clock, logger: log });
}

async function openBundle(config: StationConfig): Promise<LoadedBundle> {
  const { folder, trustedKeys, minimumRevision } = config.bundle;
  return loadBundle(folder, {
    trustedKeys: await readTrustedKeys(trustedKeys),
    ...(minimumRevision === undefined ? {} : { minimumRevision }),
  });
}
