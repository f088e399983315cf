import type { ReleaseMetric, StorePlan } from '@edge-blueprints/contracts';
import type { WindowContributions } from '../measures/contribution.js';
import { boundContribution, type BoundSettings } from './contribution-bounds.js';

/** Whole numbers per metric and public cell: bounded, without any identity, still without noise. Memory only. */
export interface WindowSums {
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
  readonly plan: StorePlan;
  readonly coverage: number;
  readonly qualityReasons: readonly string[];
  readonly units: ReadonlyMap<ReleaseMetric, ReadonlyMap<string, bigint>>;
}

export function sumContributions(
  window: WindowContributions,
  metrics: readonly ReleaseMetric[],
  settings: BoundSettings,
): WindowSums {
  const units = new Map<ReleaseMetric, ReadonlyMap<string, bigint>>();
  for (const metric of metrics) {
    const cells = new Map<string, bigint>();
    for (const track of window.tracks)
      for (const [cell, value] of boundContribution(metric, track, settings).units)
        cells.set(cell, (cells.get(cell) ?? 0n) + BigInt(value));
    units.set(metric, cells);
  }
  const { fromEpochMs, toEpochMs, coverage, qualityReasons } = window;
  return { fromEpochMs, toEpochMs, plan: settings.plan, coverage, qualityReasons, units };
}

/** Two windows that follow one another, as one. Time between them counts as not covered. */
export function joinSums(a: WindowSums, b: WindowSums): WindowSums {
  const units = new Map<ReleaseMetric, ReadonlyMap<string, bigint>>();
  for (const metric of new Set([...a.units.keys(), ...b.units.keys()])) {
    const cells = new Map(a.units.get(metric));
    for (const [cell, value] of b.units.get(metric) ?? []) cells.set(cell, (cells.get(cell) ?? 0n) + value);
    units.set(metric, cells);
  }
  const covered = ({ coverage, fromEpochMs, toEpochMs }: WindowSums): number => coverage * (toEpochMs - fromEpochMs);
  return {
    fromEpochMs: a.fromEpochMs,
    toEpochMs: b.toEpochMs,
    plan: a.plan,
    coverage: (covered(a) + covered(b)) / (b.toEpochMs - a.fromEpochMs),
    qualityReasons: [...new Set([...a.qualityReasons, ...b.qualityReasons])].slice(0, 32),
    units,
  };
}
