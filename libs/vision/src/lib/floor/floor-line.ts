import type { FloorPoint } from '@edge-blueprints/contracts';

/** A line of the plan; who walks from `from` to `to` has `inside` on that hand. */
export interface DirectedLine {
  readonly from: FloorPoint;
  readonly to: FloorPoint;
  readonly inside: 'left' | 'right';
}

/** Metres from the line without end: positive on the inside, negative on the outside. */
export function insideOfLineM({ from, to, inside }: DirectedLine, [x, y]: FloorPoint): number {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  const left = (dx * (y - from[1]) - dy * (x - from[0])) / Math.hypot(dx, dy);
  return inside === 'left' ? left : -left;
}

/** Where along the line the foot of the perpendicular lies: 0 at `from`, 1 at `to`, beyond it outside of 0 to 1. */
export function alongLine({ from, to }: DirectedLine, [x, y]: FloorPoint): number {
  const dx = to[0] - from[0];
  const dy = to[1] - from[1];
  return ((x - from[0]) * dx + (y - from[1]) * dy) / (dx * dx + dy * dy);
}

/** Where the step from `a` to `b` passes the line, as `alongLine`; undefined where both are on one side. */
export function passesLineAt(line: DirectedLine, a: FloorPoint, b: FloorPoint): number | undefined {
  const before = insideOfLineM(line, a);
  const after = insideOfLineM(line, b);
  if (before > 0 === after > 0) return undefined;
  const t = before / (before - after);
  return alongLine(line, [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
}
