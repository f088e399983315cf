import type { News2Band, News2Parameter, News2Score } from '@edge-blueprints/contracts';
import { clinicalResponse, type KnownBand, knownBands } from '../news2/clinical-response.js';

/** What no wearable measures. */
export const manualParameters = ['supplementalOxygen', 'systolic', 'consciousness', 'temperature'] as const;
export type ManualParameter = (typeof manualParameters)[number];

const minuteMs = 60_000;

/** How long a manual observation counts: the interval of chart 4 by the last band; 30 min where that is continuous. */
export function manualLimitMs(band: KnownBand | undefined): number {
  if (band === 'high') return 30 * minuteMs;
  return clinicalResponse[band ?? 'low'].observeWithinMs;
}

/**
 * The band that sets the frequency. A complete score sets it; an incomplete one only raises it, because what fell away with an
 * old observation must not make that observation young again.
 */
export function followBand(current: KnownBand | undefined, score: News2Score): KnownBand | undefined {
  const band = knownBand(score.band);
  if (band === undefined) return current;
  if (score.complete) return band;
  return knownBands.indexOf(band) > knownBands.indexOf(current ?? 'low') ? band : current;
}

function knownBand(band: News2Band): KnownBand | undefined {
  return knownBands.find((one) => one === band);
}

/** An observation that somebody must take. */
export interface ObservationTask {
  readonly parameter: News2Parameter;
  readonly dueMs: number;
  readonly overdue: boolean;
}

export interface PlanOptions {
  /** The first complete set after a patient came. */
  readonly firstSetWithinMs: number;
}

/** @param taken when each manual observation was last taken @returns one task for each, the most urgent first */
export function observationTasks(
  taken: ReadonlyMap<News2Parameter, number>,
  startedMs: number,
  band: KnownBand | undefined,
  nowMs: number,
  { firstSetWithinMs }: PlanOptions,
): readonly ObservationTask[] {
  return manualParameters
    .map((parameter) => {
      const takenMs = taken.get(parameter);
      const dueMs = takenMs === undefined ? startedMs + firstSetWithinMs : takenMs + manualLimitMs(band);
      return { parameter, dueMs, overdue: nowMs >= dueMs };
    })
    .sort((a, b) => a.dueMs - b.dueMs);
}
