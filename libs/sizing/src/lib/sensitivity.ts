import { assumedFrom, type Assumption } from './assumptions.js';
import { estimate } from './estimate.js';
import { inputTitle } from './input-titles.js';
import { planInputSchema, type PlanInput } from './plan-input.js';
import { sourcedSchema } from './sourced.js';
import type { TargetFacts } from './target-facts.js';

/** One thing that may be otherwise, and what the sums are then. */
export interface Swing {
  /** Key of an assumption, or `input:PATH`. */
  readonly key: string;
  readonly title: string;
  readonly unit: string;
  readonly low: number;
  readonly high: number;
  /** Edge total at its low and its high end; null where the chosen target no longer fits. */
  readonly edgeAtLow: number | null;
  readonly edgeAtHigh: number | null;
  readonly cloudAtLow: number | null;
  readonly cloudAtHigh: number | null;
  /** The cheaper of edge and cloud changes, or the target no longer fits. */
  readonly turnsDecision: boolean;
}

/**
 * Each assumption and each price with a range is moved alone to both ends, and everything is worked out again with the target
 * that was chosen. Largest swing of the difference to the cloud first; what moves nothing is left out.
 */
export function sensitivity(
  plan: PlanInput,
  targets: readonly TargetFacts[],
  assumptions: readonly Assumption[],
  chosen: string,
): readonly Swing[] {
  const fixed = { ...plan, choice: chosen, options: plan.options.filter(({ target }) => target === chosen) };
  const sums = (input: PlanInput, changed: Readonly<Record<string, number>>) => {
    const found = estimate(input, targets, assumedFrom(assumptions, changed));
    return { edge: found.chosen?.cost?.total ?? null, cloud: found.cloud.cost?.total ?? null };
  };
  const base = sums(fixed, {});
  const edgeIsCheaper = (of: typeof base): boolean => of.edge !== null && of.cloud !== null && of.edge <= of.cloud;
  const swing = (
    key: string,
    title: string,
    unit: string,
    low: number,
    high: number,
    at: (value: number) => typeof base,
  ): Swing => {
    const [atLow, atHigh] = [at(low), at(high)];
    const turns = [atLow, atHigh].some((each) => each.edge === null || edgeIsCheaper(each) !== edgeIsCheaper(base));
    return {
      key,
      title,
      unit,
      low,
      high,
      edgeAtLow: atLow.edge,
      edgeAtHigh: atHigh.edge,
      cloudAtLow: atLow.cloud,
      cloudAtHigh: atHigh.cloud,
      turnsDecision: turns,
    };
  };
  const ofAssumptions = assumptions
    .filter(({ low, high }) => low < high)
    .map(({ key, title, unit, low, high }) =>
      swing(key, title, unit, low, high, (value) => sums(fixed, { [key]: value })),
    );
  const { assumptions: _given, ...rest } = fixed;
  const ofInputs = rangesOf(rest, []).map(({ path, low, high }) =>
    swing(`input:${nameOf(rest, path)}`, inputTitle(nameOf(rest, path)), '', low, high, (value) =>
      sums(planInputSchema.parse(withValue({ ...rest, assumptions: {} }, path, value)), {}),
    ),
  );
  return [...ofAssumptions, ...ofInputs]
    .filter((each) => width(each) > 1e-9 * (base.edge ?? 0))
    .sort((a, b) => width(b) - width(a) || a.key.localeCompare(b.key));
}

/** How far the difference between edge and cloud moves; of the edge alone where there is no sum of the cloud. */
export function width({ edgeAtLow, edgeAtHigh, cloudAtLow, cloudAtHigh }: Swing): number {
  if (edgeAtLow === null || edgeAtHigh === null) return Number.MAX_VALUE;
  return Math.abs(edgeAtHigh - (cloudAtHigh ?? 0) - (edgeAtLow - (cloudAtLow ?? 0)));
}

interface Range {
  readonly path: readonly string[];
  readonly low: number;
  readonly high: number;
}

function rangesOf(part: unknown, path: readonly string[]): readonly Range[] {
  if (typeof part !== 'object' || part === null) return [];
  const sourced = sourcedSchema.safeParse(part);
  if (sourced.success) {
    const { value, low = value, high = value } = sourced.data;
    return low < high ? [{ path, low, high }] : [];
  }
  return Object.entries(part).flatMap(([key, value]) => rangesOf(value, [...path, key]));
}

/** The path with ids in the place of positions, as figures name their inputs. */
function nameOf(plan: unknown, path: readonly string[]): string {
  let part = plan;
  return path
    .map((key) => {
      part =
        typeof part === 'object' && part !== null
          ? Object.entries(part).find(([name]) => name === key)?.[1]
          : undefined;
      if (typeof part !== 'object' || part === null) return key;
      if ('id' in part && typeof part.id === 'string') return part.id;
      return 'target' in part && typeof part.target === 'string' ? part.target : key;
    })
    .join('.');
}

function withValue(part: unknown, path: readonly string[], value: number): unknown {
  const [key, ...rest] = path;
  if (typeof part !== 'object' || part === null) return part;
  // A moved value leaves its range behind, which it may lie outside of.
  if (key === undefined) return { ...part, value, low: undefined, high: undefined };
  if (Array.isArray(part)) return part.map((each, i) => (String(i) === key ? withValue(each, rest, value) : each));
  return Object.fromEntries(
    Object.entries(part).map(([name, each]) => [name, name === key ? withValue(each, rest, value) : each]),
  );
}
