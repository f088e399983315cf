import type { RecordedDetection } from '@edge-blueprints/contracts';

/** Counted, or at least half way to its threshold. Weaker ones are in the record for statistics and would hide the board. */
export function nearThreshold({ counted, score, threshold }: RecordedDetection): boolean {
  return counted || score >= threshold / 2;
}
