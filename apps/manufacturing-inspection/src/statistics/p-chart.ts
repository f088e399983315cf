import type { PChartPoint } from '@edge-blueprints/contracts';

/** Parts inspected one after the other, counted together. */
export interface Subgroup {
  /** When the last part of the group was inspected, UTC, ISO 8601. */
  readonly at: string;
  readonly rejected: number;
  readonly inspected: number;
}

const runLength = 8;

/**
 * p-chart with limits per subgroup: centre = all rejected over all inspected, limits = centre +- 3 sqrt(p(1-p)/n), cut to
 * 0..1. Signals: `beyond-3-sigma` (rule 1) and `run-of-8` on one side of the centre. Zone rules are left out on purpose:
 * they are not meant for attribute charts and multiply false alarms.
 * @see Montgomery, Introduction to Statistical Quality Control, section 7.2
 */
export function pChart(subgroups: readonly Subgroup[]): readonly PChartPoint[] {
  const inspected = subgroups.reduce((sum, group) => sum + group.inspected, 0);
  if (inspected === 0) return [];
  const centre = subgroups.reduce((sum, group) => sum + group.rejected, 0) / inspected;
  let side = 0;
  let run = 0;
  return subgroups.map((group) => {
    const share = group.inspected === 0 ? centre : group.rejected / group.inspected;
    const spread = group.inspected === 0 ? 0 : 3 * Math.sqrt((centre * (1 - centre)) / group.inspected);
    const low = Math.max(0, centre - spread);
    const high = Math.min(1, centre + spread);
    const here = Math.sign(share - centre);
    run = here !== 0 && here === side ? run + 1 : here === 0 ? 0 : 1;
    side = here;
    const signals = [
      ...(share > high || share < low ? ['beyond-3-sigma'] : []),
      ...(run >= runLength ? ['run-of-8'] : []),
    ];
    return { ...group, share, centre, low, high, signals };
  });
}
