import type { AlarmCondition } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { ContinuousParameter } from '../scores/observations/signal-window.js';

/** Limits of single signals; project defaults, not of a standard. A value beyond the limit is a condition, the limit itself is not. */
export const bedLimitsSchema = z
  .strictObject({
    saturationLowPercent: z.number().min(70).max(100).default(90),
    saturationVeryLowPercent: z.number().min(60).max(100).default(85),
    pulseLowPerMinute: z.number().min(20).max(100).default(40),
    pulseHighPerMinute: z.number().min(80).max(220).default(130),
    respirationLowPerMinute: z.number().min(3).max(15).default(8),
    respirationHighPerMinute: z.number().min(16).max(60).default(25),
  })
  .refine((limits) => limits.saturationVeryLowPercent < limits.saturationLowPercent, {
    path: ['saturationVeryLowPercent'],
    message: 'must be below saturationLowPercent',
  });
export type BedLimits = Readonly<z.infer<typeof bedLimitsSchema>>;

export const watchSettingsSchema = z.strictObject({
  /** Beyond a limit for so long before the engine hears of it: noise around a limit fills no journal. */
  noticeMs: z.int().min(0).max(5_000).default(3_000),
  /** While a limit's delay runs: so long within it does not end the matter, nor count. Keeps noise from hiding what is true. */
  forgivenMs: z.int().min(0).max(10_000).default(4_000),
  /** Within the limits for so long before an alarm may end. */
  clearAfterMs: z.int().min(0).max(300_000).default(60_000),
  /** While the patient moves, or the signal is doubted, the condition must last so long. Never full suppression. */
  movingDelayMs: z.int().min(0).max(60_000).default(30_000),
  /** Of the urgent limits: longer than an artefact of motion lasts. */
  movingUrgentDelayMs: z.int().min(0).max(60_000).default(25_000),
  /** No sample for so long: the value is not known any more. */
  staleMs: z.int().min(5_000).max(300_000).default(30_000),
  /** Samples came, but none that can be used. */
  unusableMs: z.int().min(1_000).max(300_000).default(20_000),
  batteryLowPercent: z.int().min(1).max(100).default(20),
  batteryCriticalPercent: z.int().min(0).max(100).default(5),
  /** How long a fall, or an event that was missed, stays a condition. */
  eventShownMs: z.int().min(10_000).max(86_400_000).default(1_800_000),
});
export type WatchSettings = Readonly<z.infer<typeof watchSettingsSchema>>;

export type LimitCondition = Extract<
  AlarmCondition,
  'spo2-low' | 'spo2-very-low' | 'pulse-low' | 'pulse-high' | 'respiration-low' | 'respiration-high'
>;

export interface LimitRule {
  readonly condition: LimitCondition;
  readonly parameter: ContinuousParameter;
  readonly side: 'below' | 'above';
  readonly limit: keyof BedLimits;
  readonly urgent: boolean;
}

export const limitRules: readonly LimitRule[] = [
  rule('spo2-low', 'oxygenSaturation', 'below', 'saturationLowPercent'),
  rule('spo2-very-low', 'oxygenSaturation', 'below', 'saturationVeryLowPercent', true),
  rule('pulse-low', 'pulse', 'below', 'pulseLowPerMinute'),
  rule('pulse-high', 'pulse', 'above', 'pulseHighPerMinute'),
  rule('respiration-low', 'respiration', 'below', 'respirationLowPerMinute'),
  rule('respiration-high', 'respiration', 'above', 'respirationHighPerMinute'),
];

const rulesOf = (parameter: ContinuousParameter): readonly LimitRule[] =>
  limitRules.filter((one) => one.parameter === parameter);
/** The same by signal, for what happens with every sample. */
export const signalRules: Readonly<Record<ContinuousParameter, readonly LimitRule[]>> = {
  oxygenSaturation: rulesOf('oxygenSaturation'),
  pulse: rulesOf('pulse'),
  respiration: rulesOf('respiration'),
};

export const signalNames: Readonly<Record<ContinuousParameter, { readonly name: string; readonly unit: string }>> = {
  oxygenSaturation: { name: 'SpO2', unit: '%' },
  pulse: { name: 'Pulse', unit: '/min' },
  respiration: { name: 'Respiration', unit: '/min' },
};

function rule(
  condition: LimitCondition,
  parameter: ContinuousParameter,
  side: 'below' | 'above',
  limit: keyof BedLimits,
  urgent = false,
): LimitRule {
  return { condition, parameter, side, limit, urgent };
}
