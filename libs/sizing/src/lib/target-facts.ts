import type { ThermalCurve } from './thermal.js';

/** Where a fact of the target's data comes from. */
export interface FactSource {
  readonly title: string;
  readonly url: string | null;
  readonly date: string;
}

/** One published or measured speed, of one picture at a time. */
export interface SpeedFact {
  readonly model: string;
  readonly input: string;
  readonly precision: string;
  readonly device: string;
  readonly runtime: string;
  readonly milliseconds: number;
  /** Operations of one inference, 10^9; null where nobody says. */
  readonly gigaOperations: number | null;
  readonly statistic: string;
  readonly label: 'measured-here' | 'published';
  readonly source: FactSource;
  readonly note: string | null;
}

/** What the planner knows of a target; null is what nobody published. */
export interface TargetFacts {
  readonly id: string;
  readonly title: string;
  readonly part: string;
  readonly label: string;
  readonly marketedTops: number | null;
  /** Lowest and highest that networks reached. */
  readonly reachedTops: readonly [number, number] | null;
  readonly speeds: readonly SpeedFact[];
  /** The model runs on the processor itself, its speeds are of one core. */
  readonly perCore: boolean;
  readonly power: { readonly maxWatts: number; readonly of: string; readonly source: FactSource } | null;
  readonly thermal: ThermalCurve | null;
  readonly thermalSource: FactSource | null;
  readonly availability: {
    readonly state: 'sold' | 'legacy' | 'end of life announced';
    readonly until: string | null;
    readonly text: string;
    readonly source: FactSource;
  } | null;
  /** Why models of the blueprint cannot be brought there; empty where they can. */
  readonly refusals: readonly string[];
}
