import { strings } from '../strings.js';

const figure = new Intl.NumberFormat(strings.locale, { maximumSignificantDigits: 3 });

/** Three significant digits, as in the sentences of the station. */
export const formatFigure = (value: number): string => figure.format(value);

/** Small chances are told by their order; below 1e-12 the test itself is no longer exact. */
export function formatChance(p: number): string {
  if (p >= 0.001) return figure.format(p);
  return p < 1e-12 ? '< 1e-12' : p.toExponential(1);
}
