import { ConfigError } from '@edge-blueprints/contracts';

/** Recorded way of one person: seconds from the first row of the file, metres. At least one point, times rise. */
export interface Trajectory {
  readonly person: number;
  readonly points: readonly TrajectoryPoint[];
}

export interface TrajectoryPoint {
  readonly atS: number;
  readonly xM: number;
  readonly yM: number;
}

/** ETH and UCY count frames of 25 a second and tell every tenth. */
const framesPerS = 25;
const mostShown = 5;
/** Metres across; a scene beyond it is in pixels or another unit. */
const widestM = 150;

/**
 * Trajectories in the form that the ETH and UCY recordings are shared in: rows of frame, person, x, y in metres, divided by
 * blanks or tabs.
 * @throws ConfigError `rig.replay-format` naming the first rows that are not of the form
 */
export function parseTrajectories(text: string, file: string): readonly Trajectory[] {
  const problems: string[] = [];
  const ways = new Map<number, TrajectoryPoint[]>();
  let firstFrame: number | undefined;
  text.split('\n').forEach((line, index) => {
    if (line.trim() === '') return;
    const [frame, person, xM, yM, ...more] = line.trim().split(/\s+/).map(Number);
    const row = `row ${index + 1} ("${line.trim().slice(0, 40)}")`;
    if (frame === undefined || person === undefined || xM === undefined || yM === undefined || more.length > 0) {
      problems.push(`${row} has ${line.trim().split(/\s+/).length} columns instead of frame, person, x, y`);
      return;
    }
    if (![frame, person, xM, yM].every(Number.isFinite)) {
      problems.push(`${row} holds something that is no number`);
      return;
    }
    firstFrame = Math.min(firstFrame ?? frame, frame);
    const way = ways.get(person) ?? [];
    way.push({ atS: frame, xM, yM });
    ways.set(person, way);
  });
  if (problems.length === 0 && ways.size === 0) problems.push('it holds no rows');
  const all = [...ways.values()].flat();
  const across = (pick: (point: TrajectoryPoint) => number): number =>
    all.reduce((most, point) => Math.max(most, pick(point)), -Infinity) -
    all.reduce((least, point) => Math.min(least, pick(point)), Infinity);
  const spanM = Math.max(
    across(({ xM }) => xM),
    across(({ yM }) => yM),
  );
  if (problems.length === 0 && spanM > widestM)
    problems.push(`its positions are ${Math.round(spanM)} apart, so they are no metres`);
  if (problems.length > 0) {
    const more = problems.length - mostShown;
    const shown = [...problems.slice(0, mostShown), ...(more > 0 ? [`and ${more} more`] : [])];
    throw new ConfigError(
      'rig.replay-format',
      `${file} is no file of trajectories:\n  ${shown.join('\n  ')}\nGive rows of frame, person, x, y in metres, as the ETH and UCY recordings have.`,
    );
  }
  const start = firstFrame ?? 0;
  return [...ways].map(([person, points]) => ({
    person,
    points: points
      .map(({ atS, xM, yM }) => ({ atS: (atS - start) / framesPerS, xM, yM }))
      .sort((a, b) => a.atS - b.atS)
      .filter(({ atS }, index, sorted) => atS !== sorted[index - 1]?.atS),
  }));
}

/** Metres and metres per second at one moment; undefined before, after, and in gaps of more than two seconds. */
export function trajectoryAt(
  { points }: Trajectory,
  atS: number,
): { readonly xM: number; readonly yM: number; readonly vxMps: number; readonly vyMps: number } | undefined {
  const next = points.findIndex((point) => point.atS > atS);
  const index = next === -1 ? points.length - 1 : next - 1;
  const a = points[index];
  const b = points[index + 1];
  if (a === undefined || a.atS > atS) return undefined;
  if (b === undefined) return atS - a.atS < 0.05 ? { xM: a.xM, yM: a.yM, vxMps: 0, vyMps: 0 } : undefined;
  const stepS = b.atS - a.atS;
  if (stepS > 2) return undefined;
  // Cubic with the slopes of the neighbours (Catmull-Rom): no corners at the recorded points.
  const slope = (p: TrajectoryPoint | undefined, q: TrajectoryPoint | undefined, axis: 'xM' | 'yM'): number =>
    p === undefined || q === undefined || q.atS - p.atS > 4
      ? (b[axis] - a[axis]) / stepS
      : (q[axis] - p[axis]) / (q.atS - p.atS);
  const t = (atS - a.atS) / stepS;
  const on = (axis: 'xM' | 'yM'): readonly [number, number] => {
    const m0 = slope(points[index - 1], b, axis) * stepS;
    const m1 = slope(a, points[index + 2], axis) * stepS;
    const d = b[axis] - a[axis];
    const place = a[axis] + t * (m0 + t * (3 * d - 2 * m0 - m1 + t * (m0 + m1 - 2 * d)));
    const speed = (m0 + t * (2 * (3 * d - 2 * m0 - m1) + 3 * t * (m0 + m1 - 2 * d))) / stepS;
    return [place, speed];
  };
  const [xM, vxMps] = on('xM');
  const [yM, vyMps] = on('yM');
  return { xM, yM, vxMps, vyMps };
}
