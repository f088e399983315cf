import type { FloorPoint, StoreLine } from '@edge-blueprints/contracts';
import { leftOf } from './walkers/floor-geometry.js';

export interface TrueCrossing {
  readonly line: string;
  readonly direction: 'in' | 'out';
  readonly atS: number;
  readonly person: number;
  readonly party: number;
  readonly staff: boolean;
}

/** Somebody has changed sides once so far beyond the line; who stands on it sways by less. */
const settledM = 0.2;

interface Side {
  settled: -1 | 0 | 1;
  /** Net way over the line itself since the side was settled: +1 to the left, -1 to the right. Around its end is 0. */
  over: number;
  overAtS: number;
  at: FloorPoint;
}

/**
 * True crossings of one line: the path goes through the segment, and ends up settled on the other side. Who turns back on
 * the line, stands on it or walks around its end crosses nothing.
 */
export function createLineTruth(line: StoreLine): {
  see(person: number, party: number, staff: boolean, at: FloorPoint, atS: number): TrueCrossing | undefined;
  forget(person: number): void;
} {
  const { from, to } = line;
  const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const sides = new Map<number, Side>();
  return {
    see: (person, party, staff, at, atS) => {
      const offM = leftOf(at, from, to) / length;
      const side: -1 | 0 | 1 = offM > settledM ? 1 : offM < -settledM ? -1 : 0;
      const known = sides.get(person);
      if (known === undefined) {
        sides.set(person, { settled: side, over: 0, overAtS: atS, at });
        return undefined;
      }
      const before = leftOf(known.at, from, to);
      const now = leftOf(at, from, to);
      if (before > 0 !== now > 0 && leftOf(from, known.at, at) > 0 !== leftOf(to, known.at, at) > 0) {
        known.over += now > 0 ? 1 : -1;
        known.overAtS = atS;
      }
      known.at = at;
      if (side === 0 || side === known.settled) {
        if (side !== 0) known.over = 0;
        return undefined;
      }
      const crossed = known.settled !== 0 && known.over === side;
      known.settled = side;
      known.over = 0;
      if (!crossed) return undefined;
      const direction = (side === 1) === (line.inside === 'left') ? 'in' : 'out';
      return { line: line.id, direction, atS: known.overAtS, person, party, staff };
    },
    forget: (person) => void sides.delete(person),
  };
}
