import type { Acvpu } from '@edge-blueprints/contracts';
import type { Activity } from './activity.js';
import type { Story } from './story.js';

/** What is so, before any sensor: /min, %, mmHg, degrees Celsius. */
export interface TrueVitals {
  readonly pulse: number;
  readonly spo2: number;
  readonly respiration: number;
  readonly systolic: number;
  readonly diastolic: number;
  readonly temperature: number;
  readonly consciousness: Acvpu;
  readonly oxygen: 'air' | 'oxygen';
  /** 0 to 1: how irregularly the beats come. */
  readonly irregular: number;
}

/** Where the true values of one patient come from: rendered, or recorded. */
export interface VitalsSource {
  /** @param atS seconds of the patient's life; grows by the same step each time */
  step(atS: number, hour: number, activity: Activity, stories: readonly Story[]): TrueVitals;
}
