import type { InferenceEngine, Logger, PartRecord } from '@edge-blueprints/contracts';
import { createOnnxEngine, loadBundle, readTrustedKeys, verifyGolden } from '@edge-blueprints/inference';
import type { StationConfig } from '../config.js';
import { stationTask, suitableManifest } from './suitable-bundle.js';
import type { SuitableManifest } from './suitable-bundle.js';

export interface StationEngine {
  readonly engine: InferenceEngine;
  readonly manifest: SuitableManifest;
  /** What is loaded, before anything ran. */
  readonly model: PartRecord['model'];
}

const warmUpRuns = 10;

/**
 * Verifies the bundle, loads and warms up the engine and proves with the bundle's golden vectors that this machine computes
 * what was validated. Nothing judges a part before that.
 * @throws ConfigError `bundle.*`, `station.bundle-unsuitable`; DeviceError `infer.*`
 */
export async function openStationEngine(config: StationConfig, log: Logger, cacheFolder: string): Promise<StationEngine> {
  const { folder, trustedKeys, minimumRevision } = config.bundle;
  const bundle = await loadBundle(folder, {
    trustedKeys: await readTrustedKeys(trustedKeys),
    expectTask: stationTask,
    ...(minimumRevision === undefined ? {} : { minimumRevision }),
  });
  const manifest = suitableManifest(bundle);
  const [variant = ''] = config.ladder.variants;
  const engine = createOnnxEngine(config.engine, { logger: log, cacheFolder });
  try {
    const loaded = await engine.load(bundle.variant(variant));
    const runsMs = await engine.warmUp(warmUpRuns);
    const golden = await verifyGolden(engine, bundle, variant);
    log.info('infer.ready', { bundle: manifest.name, version: manifest.version, variant, provider: loaded.provider, loadMs: loaded.loadMs, lastRunMs: runsMs.at(-1), goldenOutputs: golden.length });
    const { name, version } = manifest;
    return { engine, manifest, model: { bundle: name, version, variant, digest: loaded.modelDigest, provider: loaded.provider, degradationLevel: 0 } };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}
