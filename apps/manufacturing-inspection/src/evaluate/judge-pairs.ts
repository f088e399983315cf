import { decodeGray } from '@edge-blueprints/cameras';
import { DeviceError } from '@edge-blueprints/contracts';
import type { Clock, Frame, InferenceEngine, RecordedDetection } from '@edge-blueprints/contracts';
import type { LoadedBundle } from '@edge-blueprints/inference';
import { createLatencyHistogram } from '@edge-blueprints/pipeline';
import type { LatencyHistogram } from '@edge-blueprints/pipeline';
import type { Picture, TrueDefect } from '@edge-blueprints/vision';
import { createJudge } from '../create-judge.js';
import { judge } from '../data-path.js';
import type { ThresholdBook } from '../decide/threshold-book.js';
import type { Judgement } from '../judgement.js';

export interface JudgedPair {
  readonly id: string;
  readonly truth: readonly TrueDefect[];
  readonly detections: readonly RecordedDetection[];
  readonly rejected: boolean;
}

export interface PairSource {
  readonly id: string;
  readonly testFile: string;
  readonly templateFile: string;
  readonly truth: readonly TrueDefect[];
}

export const timedStages = ['preprocess', 'infer', 'model run', 'postprocess', 'decide', 'whole path'] as const;
export type StageHistograms = Readonly<Record<(typeof timedStages)[number], LatencyHistogram>>;

export function createStageHistograms(): StageHistograms {
  return {
    preprocess: createLatencyHistogram(),
    infer: createLatencyHistogram(),
    'model run': createLatencyHistogram(),
    postprocess: createLatencyHistogram(),
    decide: createLatencyHistogram(),
    'whole path': createLatencyHistogram(),
  };
}

export interface PairJudge {
  /** @throws DeviceError `evaluate.abstained`: a figure must not leave out the parts that could not be judged */
  judge(pair: PairSource): Promise<JudgedPair>;
}

/** The station's judge over picture files instead of a camera. The files are read before the clock starts. */
export function createPairJudge(options: {
  readonly bundle: LoadedBundle;
  readonly engine: InferenceEngine;
  readonly thresholds: ThresholdBook;
  readonly clock: Clock;
  readonly stages: StageHistograms;
  /** For whoever looks beyond detections; what it is given is too large to be kept for every pair. */
  readonly observe?: (seen: {
    readonly test: Picture;
    readonly template: Picture;
    readonly judgement: Judgement;
  }) => void;
}): PairJudge {
  const { bundle, clock, stages } = options;
  let template: Picture = { width: 0, height: 0, format: 'gray8', pixels: new Uint8Array() };
  const parts = createJudge({
    engine: options.engine,
    bundle: bundle.manifest,
    templateOf: () => template,
    checkFrame: () => undefined,
    thresholds: options.thresholds,
    modelAtRest: () => ({
      bundle: bundle.manifest.name,
      version: bundle.manifest.version,
      variant: '',
      digest: '',
      provider: '',
      degradationLevel: 0,
    }),
    clock,
    partDeadlineMs: 60_000,
  });
  let sequence = 0;

  return {
    judge: async (pair) => {
      const test = await decodeGray(pair.testFile);
      template = pair.templateFile === pair.testFile ? test : await decodeGray(pair.templateFile);
      const startMs = clock.monotonicMs();
      const frame: Frame = {
        ...test,
        source: 'file',
        sequence: (sequence += 1),
        capturedAtMs: startMs,
        receivedAtMs: startMs,
        epochMs: clock.epochMs(),
        name: pair.id,
      };
      const judgement = await judge(frame, parts);
      if (judgement.decision.kind === 'abstain') {
        throw new DeviceError(
          'evaluate.abstained',
          `Pair ${pair.id} could not be judged: ${judgement.decision.code}, ${judgement.decision.message}`,
        );
      }
      options.observe?.({ test, template, judgement });
      recordStages(stages, judgement, clock.monotonicMs() - startMs);
      return {
        id: pair.id,
        truth: pair.truth,
        detections: judgement.detections,
        rejected: judgement.decision.kind === 'reject',
      };
    },
  };
}

function recordStages(stages: StageHistograms, { timings }: Judgement, wholeMs: number): void {
  stages.preprocess.record(timings.preprocessMs);
  stages.infer.record(timings.inferMs);
  stages['model run'].record(timings.runMs);
  stages.postprocess.record(timings.postprocessMs);
  stages.decide.record(timings.decideMs);
  stages['whole path'].record(wholeMs);
}
