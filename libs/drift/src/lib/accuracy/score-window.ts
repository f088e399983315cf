import { estimateAccuracyWithoutLabels, type AccuracyWithoutLabels, type ScoredVerdict } from './confidence-based.js';

/** The newest scored verdicts in fixed memory, for an estimate of the accuracy whenever one is asked for. */
export interface ScoreWindow {
  /** Allocates nothing. */
  add(scored: ScoredVerdict): void;
  estimate(): AccuracyWithoutLabels | null;
}

export function createScoreWindow(samples: number): ScoreWindow {
  const scores = new Float64Array(samples);
  const rejected = new Uint8Array(samples);
  let seen = 0;
  return {
    add({ score, verdict }) {
      const at = seen++ % samples;
      scores[at] = score;
      rejected[at] = verdict === 'reject' ? 1 : 0;
    },
    estimate() {
      return estimateAccuracyWithoutLabels(
        Array.from({ length: Math.min(seen, samples) }, (_, i) => ({
          score: scores[i] ?? 0,
          verdict: rejected[i] === 1 ? 'reject' : 'pass',
        })),
      );
    },
  };
}
