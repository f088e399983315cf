import { assumptionTable, type AssumptionKey } from './assumption-table.js';
import type { Sourced } from './sourced.js';

/** published: somebody measured or defines it. choice: ours, argue about it. given: by the plan. */
export type AssumptionOrigin = 'published' | 'choice' | 'given';

export interface Assumption {
  readonly key: AssumptionKey;
  readonly title: string;
  readonly unit: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly origin: AssumptionOrigin;
  readonly source: string;
}

/** What the formulas read: one number a key. */
export type Assumed = (key: AssumptionKey) => number;

export const assumptionKeys: readonly string[] = assumptionTable.map(({ key }) => key);

/** The table with the plan's own values put in; the range of a given value is its own, or none. */
export function resolveAssumptions(given: Readonly<Record<string, Sourced>>): readonly Assumption[] {
  return assumptionTable.map((assumption): Assumption => {
    const own = given[assumption.key];
    if (own === undefined) return assumption;
    const { value, low = value, high = value, source, date } = own;
    return { ...assumption, value, low, high, origin: 'given', source: `${source}, ${date}` };
  });
}

export function assumedFrom(
  assumptions: readonly Assumption[],
  changed: Partial<Record<AssumptionKey, number>> = {},
): Assumed {
  const values = new Map(assumptions.map(({ key, value }) => [key, changed[key] ?? value]));
  return (key) => values.get(key) ?? Number.NaN;
}
