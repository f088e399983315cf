import type { DriftFeature } from '@edge-blueprints/contracts';
import { kitStrings } from '../strings.js';

type Distribution = NonNullable<DriftFeature['distribution']>;

export interface DistributionBin {
  /** Shares of all values of their own side, 0 to 1: windows of different length lie over each other. */
  readonly reference: number;
  readonly current: number;
  /** Upper edge in the unit of the feature; null for the last bin, which is open. */
  readonly upTo: number | null;
}

/** Empty when one side has no values: there is nothing to compare then. */
export function distributionBins({ edges, reference, current }: Distribution): readonly DistributionBin[] {
  const referenceTotal = sum(reference);
  const currentTotal = sum(current);
  if (referenceTotal <= 0 || currentTotal <= 0) return [];
  return Array.from({ length: Math.max(reference.length, current.length) }, (_, i) => ({
    reference: (reference[i] ?? 0) / referenceTotal,
    current: (current[i] ?? 0) / currentTotal,
    upTo: edges[i] ?? null,
  }));
}

export interface LargestGap {
  readonly edge: number;
  /** Shares of the values at or below `edge`. */
  readonly reference: number;
  readonly current: number;
}

/** Where the two cumulative distributions lie farthest apart: the whole picture in one sentence. */
export function largestGap(bins: readonly DistributionBin[]): LargestGap | null {
  let below = { reference: 0, current: 0 };
  let largest: LargestGap | null = null;
  for (const { reference, current, upTo } of bins) {
    below = { reference: below.reference + reference, current: below.current + current };
    if (upTo === null) continue;
    const gap = Math.abs(below.reference - below.current);
    if (largest === null || gap > Math.abs(largest.reference - largest.current)) largest = { edge: upTo, ...below };
  }
  return largest;
}

/** Edges as text with as few digits as keep neighbours apart: 0.997, 1, 1.003. From three significant digits to six. */
export function edgeTexts(edges: readonly number[]): readonly string[] {
  let texts: readonly string[] = [];
  for (let digits = 3; digits <= 6; digits++) {
    const figure = new Intl.NumberFormat(kitStrings.locale, { maximumSignificantDigits: digits });
    texts = edges.map((edge) => figure.format(edge));
    if (new Set(texts).size === new Set(edges).size) break;
  }
  return texts;
}

/** The first, the middle and the last of the edges, where there is no room for more. */
export function fewEdges(edges: readonly number[]): ReadonlySet<number> {
  return new Set(edges.length === 0 ? [] : [0, Math.floor((edges.length - 1) / 2), edges.length - 1]);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
