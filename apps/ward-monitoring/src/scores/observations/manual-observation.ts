import { type Acvpu, acvpu } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { isDecimal } from '../news2/decimal.js';
import { implausible, type MeasuredParameter, plausibleRange } from '../news2/plausibility.js';

const decimal = z.string().max(8).refine(isDecimal, 'write a decimal number such as "37.5"');

/** What a nurse enters at the bed, one set or a part of one. Numbers are decimal strings, so that what is scored is what was typed. */
export const manualObservationSchema = z
  .strictObject({
    respirationPerMinute: decimal.optional(),
    saturationPercent: decimal.optional(),
    breathing: z.enum(['air', 'oxygen']).optional(),
    systolicMmHg: decimal.optional(),
    pulsePerMinute: decimal.optional(),
    consciousness: z.enum(acvpu).optional(),
    /** With consciousness C: confusion that the patient always has is not scored; where nobody knows, it counts as new. */
    confusion: z.enum(['new', 'baseline', 'unknown']).optional(),
    temperatureCelsius: decimal.optional(),
  })
  .superRefine((observation, context) => {
    if (Object.values(observation).every((value) => value === undefined))
      context.addIssue({ code: 'custom', message: 'enter at least one observation' });
    for (const [field, parameter] of Object.entries(measuredFields)) {
      const value = fieldOf(observation, field);
      const wrong = value === undefined || !isDecimal(value) ? undefined : implausible(parameter, value);
      if (wrong === undefined) continue;
      const [low, high] = plausibleRange[parameter];
      const message =
        wrong === 'unit-fault'
          ? `${value} looks like degrees Fahrenheit; measure or convert to Celsius`
          : wrong === 'no-pulse-or-apnoea'
            ? `${value} is not scored: call the resuscitation team`
            : `${value} is not plausible (${low} to ${high}); check the value and its unit`;
      context.addIssue({ code: 'custom', path: [field], message });
    }
  });
export type ManualObservation = Readonly<z.infer<typeof manualObservationSchema>>;

const measuredFields = {
  respirationPerMinute: 'respiration',
  saturationPercent: 'oxygenSaturation',
  systolicMmHg: 'systolic',
  pulsePerMinute: 'pulse',
  temperatureCelsius: 'temperature',
} as const satisfies Record<string, MeasuredParameter>;

/** @returns what NEWS2 scores; a confusion of unknown age is new */
export function scoredConsciousness({ consciousness, confusion }: ManualObservation): Acvpu | undefined {
  return consciousness === 'C' && confusion === 'baseline' ? 'A' : consciousness;
}

/** The measured values of an observation by the parameter that they are of. */
export function measuredValues(observation: ManualObservation): readonly (readonly [MeasuredParameter, string])[] {
  return Object.entries(measuredFields).flatMap(([field, parameter]) => {
    const value = fieldOf(observation, field);
    return value === undefined ? [] : [[parameter, value] as const];
  });
}

function fieldOf(observation: object, name: string): string | undefined {
  const value: unknown = Object.entries(observation).find(([field]) => field === name)?.[1];
  return typeof value === 'string' ? value : undefined;
}
