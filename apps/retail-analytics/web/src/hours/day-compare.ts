import type { RetailRelease } from '@edge-blueprints/contracts';
import { releasedSum } from '../figures/released-count.js';

export interface DayCompare {
  /** Windows that were released on both days with every number shown. */
  readonly windows: number;
  /** Windows left out on both days, because a number of one of them was suppressed. */
  readonly leftOut: number;
  readonly now: number;
  readonly then: number;
  readonly difference: number;
  /** 95 % of the noise of the difference. */
  readonly error95: number;
}

/**
 * The windows of a day against the windows of the same hours `shiftMs` earlier. Only equal windows are compared, so that a
 * day that is not over is set against the same part of the other.
 */
export function compareDays(
  releases: readonly RetailRelease[],
  keys: readonly string[],
  dayFromEpochMs: number,
  shiftMs: number,
): DayCompare {
  const byWindow = new Map(releases.map((release) => [windowKey(release, 0), release]));
  let [windows, leftOut, now, then, squares] = [0, 0, 0, 0, 0];
  for (const release of releases) {
    if (Date.parse(release.windowFrom) < dayFromEpochMs) continue;
    const earlier = byWindow.get(windowKey(release, shiftMs));
    if (earlier === undefined) continue;
    const [a, b] = [releasedSum(release, keys), releasedSum(earlier, keys)];
    if (a.value === null || b.value === null) {
      leftOut += 1;
      continue;
    }
    windows += 1;
    now += a.value;
    then += b.value;
    squares += a.error95 ** 2 + b.error95 ** 2;
  }
  return { windows, leftOut, now, then, difference: now - then, error95: Math.sqrt(squares) };
}

function windowKey({ windowFrom, windowTo }: RetailRelease, shiftMs: number): string {
  return `${Date.parse(windowFrom) - shiftMs}/${Date.parse(windowTo) - shiftMs}`;
}
