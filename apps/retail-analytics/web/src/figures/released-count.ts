import type { ReleaseMetric, RetailRelease, StorePlan } from '@edge-blueprints/contracts';

/** The sum of some cells of one release. */
export interface ReleasedSum {
  /** Null where a cell was suppressed or is not there: an unknown part makes an unknown sum. */
  readonly value: number | null;
  /** 95 % of the noise of the sum: independent noises add up in squares. */
  readonly error95: number;
}

export function releasedSum(release: RetailRelease, keys: readonly string[]): ReleasedSum {
  const values = keys.map((key) => release.cells.find((cell) => cell.key === key)?.value ?? null);
  return {
    value: values.reduce<number | null>((sum, value) => (sum === null || value === null ? null : sum + value), 0),
    error95: release.error95 * Math.sqrt(keys.length),
  };
}

export function lastRelease(releases: readonly RetailRelease[], metric: ReleaseMetric): RetailRelease | undefined {
  return releases.findLast((release) => release.metric === metric);
}

const doorReachM = 2.5;

/**
 * The lines that count who enters the store: those near a door of the plan, all where the plan has no door. Lines between
 * departments would count the same people again.
 */
export function doorLines(plan: Pick<StorePlan, 'lines' | 'fixtures'>): readonly string[] {
  const doors = plan.fixtures.filter(({ kind }) => kind === 'door').flatMap(({ polygon }) => polygon);
  const near = plan.lines.filter(({ from, to }) => {
    const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
    return doors.some(([doorX, doorY]) => Math.hypot(doorX - x, doorY - y) <= doorReachM);
  });
  return (near.length > 0 ? near : plan.lines).map(({ id }) => id);
}
