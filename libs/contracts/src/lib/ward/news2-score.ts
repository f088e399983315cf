/** The seven inputs of NEWS2 in the order of the chart. */
export const news2Parameters = [
  'respiration',
  'oxygenSaturation',
  'supplementalOxygen',
  'systolic',
  'pulse',
  'consciousness',
  'temperature',
] as const;
export type News2Parameter = (typeof news2Parameters)[number];

/** 1: usual; 2: prescribed target of 88 to 92 % in hypercapnic respiratory failure, a clinician's decision. */
export type SpO2Scale = 1 | 2;

/** Alert, new confusion, responds to voice, to pain, unresponsive. */
export const acvpu = ['A', 'C', 'V', 'P', 'U'] as const;
export type Acvpu = (typeof acvpu)[number];

export const missingReasons = [
  'not-measured',
  'stale',
  'implausible',
  'unit-fault',
  'lead-off',
  'test-data',
  'no-pulse-or-apnoea',
] as const;
export type MissingReason = (typeof missingReasons)[number];

/** A known input, or why it is not known. Numbers are decimal strings ("37.05"), so that a tie is a tie. */
export type News2Input<T> =
  | { readonly known: true; readonly value: T; readonly observation: string; readonly ageMs: number }
  | { readonly known: false; readonly why: MissingReason; readonly lastValue?: string; readonly ageMs?: number };

export interface News2Inputs {
  readonly scale: SpO2Scale;
  readonly respiration: News2Input<string>;
  readonly oxygenSaturation: News2Input<string>;
  readonly supplementalOxygen: News2Input<'air' | 'oxygen'>;
  readonly systolic: News2Input<string>;
  readonly pulse: News2Input<string>;
  readonly consciousness: News2Input<Acvpu>;
  readonly temperature: News2Input<string>;
}

/** `insufficient`: so little is known that no band may be shown; it is never green. */
export type News2Band = 'zero' | 'low' | 'low-medium' | 'medium' | 'high' | 'insufficient';

export interface News2SubScore {
  readonly parameter: News2Parameter;
  /** Points of the chart; undefined where the input is not known, and for SpO2 on scale 2 where they hang on unknown oxygen. */
  readonly points?: number;
  /** Least and most points that cannot be excluded; equal where it is known. */
  readonly lo: number;
  readonly hi: number;
  /** The value that was scored, after rounding. */
  readonly rounded?: string;
  readonly missing?: MissingReason;
}

/**
 * NEWS2 as an interval: with everything known `lo`, `hi` and `total` are one number; otherwise there is no total, `lo` is what is
 * certain and `hi` what cannot be excluded. The response follows `lo` and any red parameter.
 * Source: Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017, charts 1, 2 and 4.
 */
export interface News2Score {
  readonly algorithm: 'NEWS2/RCP-2017';
  readonly scale: SpO2Scale;
  readonly total?: number;
  readonly lo: number;
  readonly hi: number;
  readonly complete: boolean;
  /** Known parameters that score 3. */
  readonly red: readonly News2Parameter[];
  /** Band of `lo` and `red`: what must be done now. Never `zero` while incomplete; see `insufficient`. */
  readonly band: News2Band;
  /** Band that `hi` could be: what cannot be excluded. */
  readonly cannotExclude: News2Band;
  readonly subScores: readonly News2SubScore[];
  readonly observations: readonly string[];
}
