import type { ErrorDetector } from './error-detectors.js';
import type { LabelledStream } from './labelled-stream.js';
import { createNaiveBayes } from './naive-bayes.js';

export interface DelayFigures {
  readonly stream: string;
  readonly detector: string;
  readonly detections: number;
  /** Rows from the change to its first detection; null for a missed one. Undefined where changes are not known. */
  readonly delays: readonly (number | null)[] | undefined;
  readonly falsePer10000: number | undefined;
  /** Share of rows predicted before they were learnt. */
  readonly accuracy: number;
}

/**
 * Test, then train, row by row: naive Bayes predicts, the detector sees whether it erred, then the row is learnt. At a detection both start over.
 * The first detection within the rows accepted for a change is its hit, every other one a false alarm.
 */
export function measureDelay(stream: LabelledStream, detector: ErrorDetector | undefined): DelayFigures {
  const classifier = createNaiveBayes(stream.categories);
  const detections: number[] = [];
  let right = 0;
  stream.rows.forEach((row, i) => {
    const label = stream.labels[i] === 1 ? 1 : 0;
    const isError = classifier.predict(row) === label ? 0 : 1;
    right += 1 - isError;
    classifier.learn(row, label);
    if (detector?.update(isError) !== true) return;
    detections.push(i);
    classifier.reset();
    detector.reset();
  });
  const { changes } = stream;
  const hits = changes?.map(({ from, until }) => detections.find((at) => at >= from && at < until) ?? null);
  const found = hits?.filter((at) => at !== null).length ?? 0;
  return {
    stream: stream.name,
    detector: detector?.name ?? 'none',
    detections: detections.length,
    delays: hits?.map((at, i) => (at === null ? null : at - (changes?.[i]?.from ?? 0))),
    falsePer10000: hits && ((detections.length - found) / stream.rows.length) * 10_000,
    accuracy: right / stream.rows.length,
  };
}

/** Accuracy of saying the last label again: what a classifier on a correlated stream must beat. */
export function lastLabelAccuracy({ labels }: LabelledStream): number {
  let right = 0;
  for (let i = 1; i < labels.length; i++) if (labels[i] === labels[i - 1]) right += 1;
  return right / labels.length;
}
