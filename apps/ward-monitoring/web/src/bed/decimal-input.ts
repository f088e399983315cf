/** A decimal as people type it at the bed: comma or point. What is sent is exactly what was typed, with a point. */
export type DecimalEntry =
  | { readonly kind: 'empty' }
  | { readonly kind: 'value'; readonly decimal: string }
  | { readonly kind: 'wrong'; readonly why: 'no-number' | 'range' | 'fahrenheit' | 'arrest' };

const pattern = /^\d{1,3}(?:[.,]\d{1,3})?$/;
/** 25 to 45 degrees Celsius in Fahrenheit. */
const fahrenheit = [77, 113] as const;

export interface DecimalLimits {
  readonly range: readonly [number, number];
  readonly unit: 'Cel' | 'other';
  /** Nobody lives with zero of it: that is no observation to file but a call for help. */
  readonly zeroIsArrest?: boolean;
}

export function readDecimal(typed: string, { range, unit, zeroIsArrest }: DecimalLimits): DecimalEntry {
  const text = typed.trim();
  if (text === '') return { kind: 'empty' };
  if (!pattern.test(text)) return { kind: 'wrong', why: 'no-number' };
  const decimal = text.replace(',', '.');
  const value = Number(decimal);
  if (unit === 'Cel' && value >= fahrenheit[0] && value <= fahrenheit[1]) return { kind: 'wrong', why: 'fahrenheit' };
  if (zeroIsArrest === true && value < 0.5) return { kind: 'wrong', why: 'arrest' };
  if (value < range[0] || value > range[1]) return { kind: 'wrong', why: 'range' };
  return { kind: 'value', decimal };
}
