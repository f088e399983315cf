import type { Clock, Frame, InferenceEngine, PartRecord } from '@edge-blueprints/contracts';
import type { Judge } from './line.js';
import { decide } from './decide/decide.js';
import type { ThresholdBook } from './decide/threshold-book.js';
import type { Abstain } from './frame/frame-check.js';
import { createPostprocess } from './postprocess/postprocess.js';
import { createPreprocess } from './preprocess/preprocess.js';
import type { PreprocessRules, TemplateOf } from './preprocess/preprocess.js';

export interface JudgeOptions {
  readonly engine: Pick<InferenceEngine, 'allocateInputs' | 'infer'>;
  readonly bundle: Parameters<typeof createPostprocess>[0] & { readonly preprocess: PreprocessRules };
  /** Undefined where there are no templates; a model that compares with one is then refused. */
  readonly templateOf: TemplateOf | undefined;
  readonly checkFrame: (frame: Frame) => Abstain | undefined;
  readonly thresholds: Pick<ThresholdBook, 'current' | 'digest'>;
  readonly modelAtRest: () => PartRecord['model'];
  readonly clock: Clock;
  readonly partDeadlineMs: number;
}

/** The judging half of the data path from its real parts. Line, golden check and `evaluate` each get one of these. */
export function createJudge(options: JudgeOptions): Judge {
  const { engine, bundle, thresholds } = options;
  return {
    nowMs: options.clock.monotonicMs,
    partDeadlineMs: options.partDeadlineMs,
    preprocess: createPreprocess({ rules: bundle.preprocess, engine, templateOf: options.templateOf }),
    infer: ({ inputs }, deadlineMs) => engine.infer(inputs, { deadlineMs }),
    checkFrame: options.checkFrame,
    postprocess: createPostprocess(bundle),
    decide: (detections) => decide(detections, thresholds.current()),
    modelAtRest: options.modelAtRest,
    thresholdsDigest: () => thresholds.digest(),
  };
}
