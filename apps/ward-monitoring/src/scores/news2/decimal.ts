import { UsageError } from '@edge-blueprints/contracts';

const pattern = /^(-?)(\d{1,4})(?:\.(\d{1,20}))?$/;

/** A decimal string between two whole numbers of units: equal where it lies on one. */
export interface Rounding {
  readonly below: number;
  readonly above: number;
  /** Where it belongs; `tie` exactly between the two. */
  readonly nearer: 'below' | 'above' | 'tie';
}

/** @returns whether `text` is a number as this package takes it: at most four digits, a point, at most twenty decimals */
export function isDecimal(text: string): boolean {
  return pattern.test(text);
}

/**
 * Rounds the digits and never a binary fraction: "35.05" lies exactly between 35.0 and 35.1.
 * @param decimals how many decimals one unit stands for: "36.14" with 1 is between 361 and 362 units
 * @throws UsageError `news2.decimal`
 */
export function roundDecimal(text: string, decimals: number): Rounding {
  const match = pattern.exec(text);
  if (match === null)
    throw new UsageError('news2.decimal', `Not a decimal number: ${JSON.stringify(text)}; write it like "37.5"`);
  const [, sign, whole = '', fraction = ''] = match;
  const kept = Number(`${whole}${fraction.slice(0, decimals).padEnd(decimals, '0')}`);
  const rest = fraction.slice(decimals).replace(/0+$/, '');
  const next = rest === '' ? kept : kept + 1;
  const nearer = rest === '5' ? 'tie' : rest !== '' && rest >= '5' ? 'above' : 'below';
  if (sign === '') return { below: kept, above: next, nearer };
  return { below: -next, above: -kept, nearer: nearer === 'tie' ? 'tie' : nearer === 'above' ? 'below' : 'above' };
}

/** Compares a decimal string with whole units, exactly. @returns negative, zero or positive */
export function compareDecimal(text: string, units: number, decimals: number): number {
  const { below, above } = roundDecimal(text, decimals);
  if (below === above) return below - units;
  return below < units ? -1 : 1;
}

/** "361" units of one decimal are "36.1". */
export function unitsText(units: number, decimals: number): string {
  return decimals === 0 ? String(units) : (units / 10 ** decimals).toFixed(decimals);
}

/** The shortest decimal that names a number of a wire format, at most `decimals` decimals; undefined where it has none. */
export function decimalText(value: number, decimals = 6): string | undefined {
  if (!Number.isFinite(value) || Math.abs(value) >= 10_000) return undefined;
  const shortest = String(value);
  const text = isDecimal(shortest) ? shortest : value.toFixed(decimals);
  return isDecimal(text) ? text : undefined;
}
