import type { MissingReason, SampleStatus } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { implausible } from '../scores/news2/plausibility.js';
import type { ContinuousParameter } from '../scores/observations/signal-window.js';

export const qualitySettingsSchema = z.strictObject({
  /** Quality as the device gives it, 0 to 100. Below this a sample is no measurement. */
  unusableBelow: z.int().min(0).max(100).default(15),
  suspectBelow: z.int().min(0).max(100).default(40),
  /** Faster than a body changes: the sample that jumped is suspect, the next one is judged against it. */
  saturationSlopePerS: z.number().positive().default(4),
  pulseSlopePerS: z.number().positive().default(30),
});
export type QualitySettings = Readonly<z.infer<typeof qualitySettingsSchema>>;

export interface Judgement {
  readonly grade: 'good' | 'suspect' | 'unusable';
  /** Why an unusable one is not scored. */
  readonly why?: MissingReason;
  readonly reason?: 'test' | 'lead-off' | 'no-value' | 'range' | 'standstill' | 'quality' | 'doubted' | 'slope';
}

export interface JudgedSample {
  readonly parameter: ContinuousParameter;
  readonly value?: string;
  readonly quality: number;
  readonly status: readonly SampleStatus[];
  readonly measuredMs: number;
}

/** @param previous the last sample of the same signal that had a plausible value */
export function judgeQuality(
  { parameter, value, quality, status, measuredMs }: JudgedSample,
  previous: { readonly value: number; readonly measuredMs: number } | undefined,
  settings: QualitySettings,
): Judgement {
  if (status.some((one) => one === 'test' || one === 'demo' || one === 'calibrating'))
    return { grade: 'unusable', why: 'test-data', reason: 'test' };
  if (status.includes('lead-off')) return { grade: 'unusable', why: 'lead-off', reason: 'lead-off' };
  if (value === undefined) return { grade: 'unusable', why: 'not-measured', reason: 'no-value' };
  const outside = implausible(parameter, value);
  const poor = quality < settings.unusableBelow || status.includes('invalid');
  if (outside === 'no-pulse-or-apnoea' && !poor && quality >= settings.suspectBelow && !status.includes('questionable'))
    return { grade: 'unusable', why: outside, reason: 'standstill' };
  if (poor) return { grade: 'unusable', why: 'not-measured', reason: 'quality' };
  if (outside !== undefined) return { grade: 'unusable', why: 'implausible', reason: 'range' };
  if (quality < settings.suspectBelow || status.includes('questionable'))
    return { grade: 'suspect', reason: 'doubted' };
  const seconds = previous === undefined ? 0 : Math.max(1, (measuredMs - previous.measuredMs) / 1_000);
  const slope = previous === undefined ? 0 : Math.abs(Number(value) - previous.value) / seconds;
  const most = slopeOf(parameter, settings);
  return slope > most ? { grade: 'suspect', reason: 'slope' } : { grade: 'good' };
}

function slopeOf(parameter: ContinuousParameter, settings: QualitySettings): number {
  if (parameter === 'oxygenSaturation') return settings.saturationSlopePerS;
  return parameter === 'pulse' ? settings.pulseSlopePerS : Number.POSITIVE_INFINITY;
}
