import type { Assumption } from './assumptions.js';

/** One assumption before it is given its key. */
export type AssumptionRow = Omit<Assumption, 'key' | 'low' | 'high'> & { readonly range: readonly [number, number] };

/** Ours, to argue about. */
export const choice = (
  title: string,
  unit: string,
  value: number,
  range: readonly [number, number],
  source: string,
): AssumptionRow => ({
  title,
  unit,
  value,
  range,
  origin: 'choice',
  source,
});
/** Somebody measured or defines it; the range may be ours. */
export const known = (...row: Parameters<typeof choice>): AssumptionRow => ({ ...choice(...row), origin: 'published' });
