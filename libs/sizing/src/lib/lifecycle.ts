import type { Assumed } from './assumptions.js';
import type { HardwareOption, PlanInput } from './plan-input.js';
import type { TargetFacts } from './target-facts.js';

export interface ReplacementYear {
  /** 1 is the first year of operation. */
  readonly year: number;
  readonly failed: number;
  readonly wornOut: number;
  /** False from the year on in which the last sale falls: what is needed then must be on the shelf before. */
  readonly sold: boolean;
}

export interface Lifecycle {
  readonly years: readonly ReplacementYear[];
  /** Day after which the device cannot be bought; null where none is announced. */
  readonly lastSale: { readonly date: string; readonly source: string } | null;
  /** Devices to buy before that day, for the rest of the plan. */
  readonly lastTimeBuy: number;
  readonly uses: readonly string[];
}

/** Years of operation in which what was new at their begin is worn out; the end of the plan renews nothing. */
export function wearOutYears(lifeYears: number, years: number): ReadonlySet<number> {
  const ends = new Set<number>();
  for (let end = lifeYears; lifeYears > 0 && end < years; end += lifeYears) ends.add(Math.ceil(end));
  return ends;
}

/** Failures every year, and all devices again whenever their life is over within the plan; fractions of a device add up. */
export function lifecycleOf(
  plan: Pick<PlanInput, 'years' | 'start'>,
  option: HardwareOption,
  target: TargetFacts,
  devices: number,
  failuresPerYear: number,
  assumed: Assumed,
): Lifecycle {
  const lifeYears = option.lifeYears?.value ?? assumed('reliability.life');
  const until = target.availability?.until ?? null;
  const lastSale =
    option.lastSale ??
    (until === null ? null : { date: until, source: target.availability?.source.title ?? target.id });
  const firstYear = Number(plan.start.slice(0, 4));
  const ends = wearOutYears(lifeYears, plan.years);
  const years = Array.from({ length: plan.years }, (_, i): ReplacementYear => {
    const year = i + 1;
    const sold = lastSale === null || firstYear + i < Number(lastSale.date.slice(0, 4));
    return { year, failed: failuresPerYear, wornOut: ends.has(year) ? devices : 0, sold };
  });
  const needed = years.filter(({ sold }) => !sold).reduce((sum, { failed, wornOut }) => sum + failed + wornOut, 0);
  return {
    years,
    lastSale,
    lastTimeBuy: Math.ceil(needed),
    uses: [option.lifeYears === undefined ? 'reliability.life' : `input:options.${option.target}.lifeYears`],
  };
}
