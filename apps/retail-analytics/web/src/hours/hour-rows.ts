import type { RetailRelease } from '@edge-blueprints/contracts';
import { formatCount, formatDateTime, formatShortTime } from '@edge-blueprints/web-kit';
import { releasedSum } from '../figures/released-count.js';
import { strings } from '../strings.js';

/** One released window of the entrance counts, ready to draw. */
export interface HourRow {
  readonly fromEpochMs: number;
  readonly window: string;
  readonly inside: number | null;
  readonly out: number | null;
  readonly error95: number;
  readonly minimum: number;
  readonly coverage: number;
  readonly quality: RetailRelease['quality'];
  readonly reasons: readonly string[];
}

export function hourRows(releases: readonly RetailRelease[], doors: readonly string[], withDay: boolean): HourRow[] {
  return releases.map((release) => {
    const inside = releasedSum(
      release,
      doors.map((line) => `${line}/in`),
    );
    const out = releasedSum(
      release,
      doors.map((line) => `${line}/out`),
    );
    const from = withDay ? formatDateTime(release.windowFrom) : formatShortTime(release.windowFrom);
    return {
      fromEpochMs: Date.parse(release.windowFrom),
      window: `${from} – ${formatShortTime(release.windowTo)}`,
      inside: inside.value,
      out: out.value,
      error95: inside.error95,
      minimum: release.minimum,
      coverage: release.coverage,
      quality: release.quality,
      reasons: release.qualityReasons,
    };
  });
}

export function releasedText(value: number | null): string {
  return value === null ? strings.hours.suppressed : formatCount(value);
}
