import { type MissingReason, type News2Parameter, news2PlausibleRange } from '@edge-blueprints/contracts';
import { compareDecimal, isDecimal, roundDecimal } from './decimal.js';

export type MeasuredParameter = Exclude<News2Parameter, 'supplementalOxygen' | 'consciousness'>;

export const plausibleRange: Readonly<Record<MeasuredParameter, readonly [number, number]>> = news2PlausibleRange;

/** The same temperatures in degrees Fahrenheit: such a number is in the wrong unit, and is refused rather than converted. */
const fahrenheit = [77, 113] as const;

/**
 * What a value must not be scored as: nothing is clamped, and nothing out of range is dropped in silence.
 * @param value decimal string @throws UsageError `news2.decimal`
 */
export function implausible(parameter: MeasuredParameter, value: string): MissingReason | undefined {
  const [low, high] = plausibleRange[parameter];
  // Nearly every value: conversion keeps the order, so what is between the ends as a binary number is so as a decimal one.
  const near = Number(value);
  if (near > low && near < high && near >= 1 && isDecimal(value)) return undefined;
  if (compareDecimal(value, low, 0) < 0) return 'implausible';
  if (compareDecimal(value, high, 0) > 0)
    return parameter === 'temperature' &&
      compareDecimal(value, fahrenheit[0], 0) >= 0 &&
      compareDecimal(value, fahrenheit[1], 0) <= 0
      ? 'unit-fault'
      : 'implausible';
  const { below, nearer } = roundDecimal(value, 0);
  const still = (parameter === 'pulse' || parameter === 'respiration') && below === 0 && nearer === 'below';
  return still ? 'no-pulse-or-apnoea' : undefined;
}
