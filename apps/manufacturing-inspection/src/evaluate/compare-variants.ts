import { averagePrecision, matchDetections, meanAveragePrecision } from '@edge-blueprints/vision';
import { share } from './figures.js';
import type { ShareFigure } from './figures.js';
import type { JudgedPair } from './judge-pairs.js';

/** Two variants of one bundle on identical frames. Differences are the second less the first. */
export interface VariantComparison {
  readonly variant: string;
  readonly against: string;
  readonly frames: number;
  readonly perClass: readonly {
    readonly label: string;
    readonly ap: number | null;
    readonly apAgainst: number | null;
    readonly difference: number | null;
  }[];
  readonly map: number | null;
  readonly mapAgainst: number | null;
  readonly difference: number | null;
  /** Frames that the reference variant passes and this one rejects, and the other way round. */
  readonly passToReject: ShareFigure;
  readonly rejectToPass: ShareFigure;
  /** Ids of the frames whose verdict flips. */
  readonly flipped: readonly string[];
}

interface JudgedVariant {
  readonly variant: string;
  readonly judged: readonly JudgedPair[];
}

/**
 * What a variant changes against a reference variant: average precision class by class, and the verdicts that flip, out
 * of all frames, with 95 % Wilson intervals.
 * @param judged of both variants, the same frames in the same order
 * @param labelled so many frames from the first on are labelled pairs and count for average precision; the rest are good
 * boards, which count for verdict flips only
 */
export function compareVariants(
  labels: readonly string[],
  { variant, judged }: JudgedVariant,
  reference: JudgedVariant,
  labelled = judged.length,
): VariantComparison {
  const frames = judged.map((pair, i) => ({ pair, before: reference.judged[i] }));
  const odd = frames.find(({ pair, before }) => before?.id !== pair.id);
  if (odd !== undefined || judged.length !== reference.judged.length)
    throw new RangeError(`The variants judged other frames: ${odd?.pair.id ?? `${judged.length} frames`}`);
  const flips = (from: boolean, to: boolean): readonly string[] =>
    frames.flatMap(({ pair, before }) => (before?.rejected === from && pair.rejected === to ? [pair.id] : []));
  const [toReject, toPass] = [flips(false, true), flips(true, false)];
  const ours = matchDetections(judged.slice(0, labelled), labels);
  const theirs = matchDetections(reference.judged.slice(0, labelled), labels);
  const perClass = labels.map((label, i) => {
    const [own, other] = [ours[i], theirs[i]];
    const [ap, apAgainst] = [own && averagePrecision(own), other && averagePrecision(other)].map((v) => v ?? null);
    return { label, ap: ap ?? null, apAgainst: apAgainst ?? null, difference: less(ap, apAgainst) };
  });
  const [map, mapAgainst] = [meanAveragePrecision(ours), meanAveragePrecision(theirs)];
  return {
    variant,
    against: reference.variant,
    frames: judged.length,
    perClass,
    map,
    mapAgainst,
    difference: less(map, mapAgainst),
    passToReject: share(toReject.length, judged.length),
    rejectToPass: share(toPass.length, judged.length),
    flipped: [...toReject, ...toPass],
  };
}

function less(a: number | null | undefined, b: number | null | undefined): number | null {
  return a == null || b == null ? null : a - b;
}
