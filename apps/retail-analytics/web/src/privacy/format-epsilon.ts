import { kitStrings } from '@edge-blueprints/web-kit';

const format = new Intl.NumberFormat(kitStrings.locale, { maximumFractionDigits: 3 });

/** Budgets as people read them: 1, 0.35, 0.015. */
export const formatEpsilon = (epsilon: number): string => format.format(epsilon);
