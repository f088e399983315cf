import type { DriftFeature } from '@edge-blueprints/contracts';

export interface DistributionBin {
  /** Shares of all parts, 0 to 1. */
  readonly reference: number;
  readonly current: number;
  /** Upper edge in the unit of the feature; null for the last bin, which is open. */
  readonly upTo: number | null;
}

/** Both as shares of their own total, so that windows of different length lie over each other. Empty when nothing was counted. */
export function distributionBins(distribution: DriftFeature['distribution']): readonly DistributionBin[] {
  if (distribution === null) return [];
  const { edges, reference, current } = distribution;
  const length = Math.max(reference.length, current.length);
  const [referenceTotal, currentTotal] = [total(reference), total(current)];
  if (referenceTotal <= 0 && currentTotal <= 0) return [];
  return Array.from({ length }, (_, index) => ({
    reference: share(reference[index], referenceTotal),
    current: share(current[index], currentTotal),
    upTo: edges[index] ?? null,
  }));
}

/** A few edges to write below the bars: first, middle, last. */
export function labelledEdges(
  bins: readonly DistributionBin[],
): readonly { readonly at: number; readonly value: number }[] {
  const edges = bins.flatMap(({ upTo }, index) =>
    upTo === null ? [] : [{ at: (index + 1) / bins.length, value: upTo }],
  );
  const middle = edges[Math.floor((edges.length - 1) / 2)];
  const chosen = [edges[0], middle, edges[edges.length - 1]];
  return chosen
    .filter((edge, index) => edge !== undefined && chosen.indexOf(edge) === index)
    .filter((edge) => edge !== undefined);
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function share(value: number | undefined, of: number): number {
  return of > 0 ? (value ?? 0) / of : 0;
}
