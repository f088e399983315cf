import type { AssumptionRow } from './assumption-row.js';
import type { Assumption } from './assumptions.js';
import { performanceAssumptions } from './performance-assumptions.js';
import { serviceAssumptions } from './service-assumptions.js';

const rows = { ...performanceAssumptions, ...serviceAssumptions };

export type AssumptionKey = keyof typeof rows;

const keys = Object.keys(rows).filter((key): key is AssumptionKey => key in rows);

/** Everything that is assumed unless the plan says otherwise. */
export const assumptionTable: readonly Assumption[] = keys.map((key) => {
  const { range, ...row }: AssumptionRow = rows[key];
  return { key, ...row, low: range[0], high: range[1] };
});
