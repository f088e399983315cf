import { UsageError, type Box, type Detection } from '@edge-blueprints/contracts';
import type { TrueDefect } from './deep-pcb-labels.js';
import { intersectionOverUnion } from './intersection-over-union.js';

/** One judged picture: what is there and what was found. */
export interface JudgedPicture {
  readonly truth: readonly TrueDefect[];
  /** What is there but is not scored: a detection that hits nothing true and overlaps one of these counts for nothing. */
  readonly ignored?: readonly Box[];
  readonly detections: readonly Detection[];
}

/** A detection after matching: did it hit a true defect of its class that no better detection had taken? */
export interface MatchedDetection {
  readonly score: number;
  readonly hit: boolean;
}

/** All detections of one class over all pictures, best first, with the number of true defects. */
export interface MatchedClass {
  readonly label: string;
  readonly truths: number;
  readonly matched: readonly MatchedDetection[];
}

export interface DetectionCounts {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly precision: number;
  readonly recall: number;
  readonly f: number;
}

/**
 * Matches by the DeepPCB protocol: a detection hits when its IoU with a true defect of the same class is above
 * `iouThreshold` (0.33); detections take part in the order of their scores over all pictures, each takes the free defect
 * it overlaps most, and each defect is taken once.
 * @see Tang et al., arXiv 1902.06197, section 4.1
 */
export function matchDetections(
  pictures: readonly JudgedPicture[],
  labels: readonly string[],
  iouThreshold = 0.33,
): MatchedClass[] {
  for (const { truth, detections } of pictures) {
    for (const { classIndex } of [...truth, ...detections]) {
      if (labels[classIndex] === undefined) {
        throw new UsageError(
          'vision.class-unknown',
          `Class index ${classIndex} has no label; there are ${labels.length} labels.`,
        );
      }
    }
  }
  return labels.map((label, classIndex) => {
    const truths = pictures.map((p) => p.truth.filter((t) => t.classIndex === classIndex));
    const taken = truths.map(() => new Set<TrueDefect>());
    const entries = pictures
      .flatMap((p, picture) =>
        p.detections.filter((d) => d.classIndex === classIndex).map((detection) => ({ picture, detection })),
      )
      .sort((a, b) => b.detection.score - a.detection.score);
    const matched = entries.flatMap(({ picture, detection }) => {
      const best = bestFree(detection, truths[picture] ?? [], taken[picture] ?? new Set(), iouThreshold);
      if (best) taken[picture]?.add(best);
      const uncounted =
        best === undefined &&
        pictures[picture]?.ignored?.some((box) => intersectionOverUnion(detection.box, box) > iouThreshold) === true;
      return uncounted ? [] : [{ score: detection.score, hit: best !== undefined }];
    });
    return { label, truths: truths.reduce((n, list) => n + list.length, 0), matched };
  });
}

function bestFree(
  detection: Detection,
  truths: readonly TrueDefect[],
  taken: ReadonlySet<TrueDefect>,
  iouThreshold: number,
): TrueDefect | undefined {
  let best: TrueDefect | undefined;
  let bestIou = iouThreshold;
  for (const truth of truths) {
    if (taken.has(truth)) continue;
    const iou = intersectionOverUnion(detection.box, truth.box);
    if (iou > bestIou) {
      bestIou = iou;
      best = truth;
    }
  }
  return best;
}

/**
 * Area under the precision-recall curve after the precision was made monotone from the right (all-point interpolation).
 * Null for a class without true defects.
 */
export function averagePrecision({ matched, truths }: MatchedClass): number | null {
  if (truths === 0) return null;
  let hits = 0;
  const precisions = matched.map(({ hit }, i) => {
    if (hit) hits += 1;
    return hits / (i + 1);
  });
  let area = 0;
  let envelope = 0;
  for (let i = matched.length - 1; i >= 0; i -= 1) {
    envelope = Math.max(envelope, precisions[i] ?? 0);
    if (matched[i]?.hit) area += envelope / truths;
  }
  return area;
}

/** Mean of the classes that have true defects; null when none has. */
export function meanAveragePrecision(classes: readonly MatchedClass[]): number | null {
  const values = classes.map(averagePrecision).filter((ap) => ap !== null);
  return values.length === 0 ? null : values.reduce((sum, ap) => sum + ap, 0) / values.length;
}

/** Counts over all classes at one threshold per class (index of the class). */
export function countAtThresholds(
  classes: readonly MatchedClass[],
  thresholdOf: (classIndex: number) => number,
): DetectionCounts {
  let truePositives = 0;
  let found = 0;
  let truths = 0;
  classes.forEach((c, classIndex) => {
    const counted = c.matched.filter((m) => m.score >= thresholdOf(classIndex));
    truePositives += counted.filter((m) => m.hit).length;
    found += counted.length;
    truths += c.truths;
  });
  return countsOf(truePositives, found, truths);
}

/** The single threshold with the highest F-score over all classes; of equal ones the highest. Null without detections. */
export function bestF(classes: readonly MatchedClass[]): (DetectionCounts & { readonly threshold: number }) | null {
  const all = classes.flatMap((c) => c.matched).sort((a, b) => b.score - a.score);
  const truths = classes.reduce((n, c) => n + c.truths, 0);
  let hits = 0;
  let best: (DetectionCounts & { readonly threshold: number }) | null = null;
  all.forEach(({ score, hit }, i) => {
    if (hit) hits += 1;
    if (all[i + 1]?.score === score) return;
    const counts = countsOf(hits, i + 1, truths);
    if (best === null || counts.f > best.f) best = { threshold: score, ...counts };
  });
  return best;
}

function countsOf(truePositives: number, found: number, truths: number): DetectionCounts {
  return {
    truePositives,
    falsePositives: found - truePositives,
    falseNegatives: truths - truePositives,
    precision: found === 0 ? 0 : truePositives / found,
    recall: truths === 0 ? 0 : truePositives / truths,
    f: found + truths === 0 ? 0 : (2 * truePositives) / (found + truths),
  };
}
