import type { ParityGate, Tensor, Tensors } from '@edge-blueprints/contracts';
import type { BundleManifest, GoldenTolerance } from './manifest.js';

/**
 * The rule by which outputs are those of the validated model; docs/model-bundles.md states it ("The golden rule"). The
 * sidecar and the workshop's parity gate judge by the same one (models/sidecar/golden_rule.py); the cases of
 * models/sidecar/tests/golden-cases.json hold all of them to one meaning.
 */

/** What the decoder of a detector reads, and what makes its verdict. */
export interface DetectorReading {
  /** Output [1, labels, ...]. */
  readonly scores: string;
  /** One a label, in the order of the score channels: a picture is rejected when a label's largest score reaches its own. */
  readonly thresholds: readonly number[];
  /** Output [1, 4, ...] that lies as the scores do; undefined where boxes lie otherwise. */
  readonly boxes: string | undefined;
  /** Cells whose largest score reaches it are read. */
  readonly floor: number;
}

/** Undefined for other models than detectors with scores of their own. */
export function detectorReading({
  labels,
  thresholds,
  postprocess,
}: Pick<BundleManifest, 'labels' | 'thresholds' | 'postprocess'>): DetectorReading | undefined {
  if (!('scores' in postprocess)) return undefined;
  const { decoder, scores, boxes, scoreFloor } = postprocess;
  return {
    scores,
    thresholds: labels.map((label) => thresholds.find((entry) => entry.label === label)?.threshold ?? NaN),
    boxes: decoder === 'centre-ltrb' ? boxes : undefined,
    // Compared with float32 scores, here as in the decoder.
    floor: Math.fround(scoreFloor),
  };
}

/** What is tolerated of an artefact that was compiled by a route with that gate. */
export function widened(tolerance: GoldenTolerance, parity: ParityGate | undefined): GoldenTolerance {
  if (parity === undefined) return tolerance;
  const { factor, outlierShare } = parity;
  return { absolute: tolerance.absolute * factor, relative: tolerance.relative * factor, outlierShare };
}

/** Whether the decoder reads a value, by its index in the output; undefined where all count, also where it would read none. */
export function readByDecoder(
  output: string,
  want: Tensors,
  reading: DetectorReading | undefined,
): ((index: number) => boolean) | undefined {
  const scores = reading && want[reading.scores]?.data;
  if (reading === undefined || scores === undefined) return undefined;
  if (output !== reading.boxes && output !== reading.scores) return undefined;
  const cells = scores.length / reading.thresholds.length;
  const read = new Uint8Array(cells);
  scores.forEach((score: number | bigint, at: number) => {
    if (Number(score) >= reading.floor) read[at % cells] = 1;
  });
  return read.includes(1) ? (index) => read[index % cells] === 1 : undefined;
}

/** Whether the picture gets another verdict, and not because an expected score lies within the tolerance of its threshold. */
export function isVerdictFlipped(
  got: Tensor | undefined,
  want: Tensor,
  { thresholds }: DetectorReading,
  { absolute, relative }: GoldenTolerance,
): boolean {
  if (got?.data.length !== want.data.length) return true;
  const expected = largestScores(want, thresholds.length);
  const rejects = (largest: readonly number[]) => largest.some((score, at) => score >= (thresholds[at] ?? NaN));
  if (rejects(largestScores(got, thresholds.length)) === rejects(expected)) return false;
  return !expected.some(
    (score, at) => Math.abs(score - (thresholds[at] ?? NaN)) <= absolute + relative * Math.abs(score),
  );
}

function largestScores({ data }: Tensor, labels: number): readonly number[] {
  const largest = Array<number>(labels).fill(-Infinity);
  const cells = data.length / labels;
  for (let i = 0; i < data.length; i++) {
    const label = Math.floor(i / cells);
    largest[label] = Math.max(largest[label] ?? NaN, Number(data[i]));
  }
  return largest;
}
