import { systemClock } from '@edge-blueprints/contracts';
import { createOnnxEngine, verifyGolden } from '@edge-blueprints/inference';
import type { LoadedBundle } from '@edge-blueprints/inference';
import type { ThresholdBook } from '../decide/threshold-book.js';
import { createPairJudge, createStageHistograms } from './judge-pairs.js';
import type { PairJudge, StageHistograms } from './judge-pairs.js';

/** One variant of a bundle, loaded, warm and checked against its golden vectors. */
export interface VariantRun {
  readonly variant: string;
  readonly provider: string;
  readonly modelDigest: string;
  readonly goldenOutputs: number;
  readonly stages: StageHistograms;
  readonly judge: PairJudge['judge'];
  dispose(): Promise<void>;
}

/** @throws ConfigError `bundle.variant-unknown`, `bundle.golden-mismatch` */
export async function openVariant(
  bundle: LoadedBundle,
  variant: string,
  thresholds: ThresholdBook,
  threads: number | 'auto',
  observe?: Parameters<typeof createPairJudge>[0]['observe'],
): Promise<VariantRun> {
  const engine = createOnnxEngine({ threads });
  try {
    const loaded = await engine.load(bundle.variant(variant));
    await engine.warmUp(20);
    const golden = await verifyGolden(engine, bundle, variant);
    const stages = createStageHistograms();
    const { judge } = createPairJudge({
      bundle,
      engine,
      thresholds,
      clock: systemClock,
      stages,
      ...(observe ? { observe } : {}),
    });
    return {
      variant: loaded.variant,
      provider: loaded.provider,
      modelDigest: loaded.modelDigest,
      goldenOutputs: golden.length,
      stages,
      judge,
      dispose: () => engine.dispose(),
    };
  } catch (error) {
    await engine.dispose();
    throw error;
  }
}
