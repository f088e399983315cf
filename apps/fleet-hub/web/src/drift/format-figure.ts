import { strings } from '../strings.js';

const figure = new Intl.NumberFormat(strings.locale, { maximumSignificantDigits: 3 });

export function formatFigure(value: number, unit: string): string {
  const word = unit === '1' ? '' : unit.replace(/[{}]/g, '').trim();
  return word === '' ? figure.format(value) : `${figure.format(value)} ${word}`;
}

/** Below a thousandth only the order matters. */
export function formatP(p: number): string {
  if (p >= 0.001) return figure.format(Math.round(p * 1000) / 1000);
  return p < 1e-12 ? '< 1e-12' : `${p.toExponential(0)}`;
}
