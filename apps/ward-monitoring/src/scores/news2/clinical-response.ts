import type { News2Band } from '@edge-blueprints/contracts';

export type KnownBand = Exclude<News2Band, 'insufficient'>;

/** Bands from the least to the most urgent. */
export const knownBands = ['zero', 'low', 'low-medium', 'medium', 'high'] as const satisfies readonly KnownBand[];

/** Chart 2: thresholds. `red` is a single parameter that scores 3. */
export function bandOf(total: number, red: boolean): KnownBand {
  if (total >= 7) return 'high';
  if (total >= 5) return 'medium';
  if (red) return 'low-medium';
  return total === 0 ? 'zero' : 'low';
}

export interface ClinicalResponse {
  readonly risk: 'low' | 'low-medium' | 'medium' | 'high' | 'not known';
  /** Longest time between two sets of observations; 0 is continuous. Of a range ("4 to 6 h") the longer end. */
  readonly observeWithinMs: number;
  readonly monitoring: string;
  /** Who reviews the patient, and how soon; undefined where the chart sets no time. */
  readonly reviewWithinMs?: number;
  readonly response: string;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** Charts 2 and 4 in short form: Royal College of Physicians, NEWS2, 2017. Review times: a published protocol of the chart. */
export const clinicalResponse: Readonly<Record<News2Band, ClinicalResponse>> = {
  zero: {
    risk: 'low',
    observeWithinMs: 12 * hourMs,
    monitoring: 'at least every 12 hours',
    response: 'Continue routine NEWS monitoring.',
  },
  low: {
    risk: 'low',
    observeWithinMs: 6 * hourMs,
    monitoring: 'at least every 4 to 6 hours',
    response:
      'Inform the registered nurse, who assesses the patient and decides on frequency of monitoring or escalation.',
  },
  'low-medium': {
    risk: 'low-medium',
    observeWithinMs: hourMs,
    monitoring: 'at least every hour',
    response: 'The registered nurse informs the medical team, who review and decide whether escalation is needed.',
  },
  medium: {
    risk: 'medium',
    observeWithinMs: hourMs,
    monitoring: 'at least every hour',
    reviewWithinMs: hourMs,
    response:
      'The registered nurse immediately informs the medical team; urgent assessment by a clinician competent in acute illness; care in an environment with monitoring.',
  },
  high: {
    risk: 'high',
    observeWithinMs: 0,
    monitoring: 'continuous monitoring of vital signs',
    reviewWithinMs: 30 * minuteMs,
    response:
      'The registered nurse immediately informs the medical team, at least at specialist registrar level; emergency assessment by a team with critical care competencies including airway management; consider level 2 or 3 care.',
  },
  insufficient: {
    risk: 'not known',
    observeWithinMs: hourMs,
    monitoring: 'a complete set of observations now',
    response: 'Too little is known for a score: take the missing observations. This is not a low score.',
  },
};
