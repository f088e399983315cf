import type { FloorPoint, StoreZone } from '@edge-blueprints/contracts';
import { insidePolygon } from './walkers/floor-geometry.js';

export interface TrueVisit {
  readonly zone: string;
  readonly person: number;
  readonly staff: boolean;
  readonly enteredS: number;
  /** Undefined: still inside. */
  readonly leftS: number | undefined;
}

/** A visit lasts at least a second; who is back within three seconds has not left. */
const shortestS = 1;
const gapS = 3;

interface Stay {
  readonly enteredS: number;
  readonly staff: boolean;
  insideS: number;
}

/** True visits of one zone, by nothing but the position inside of its border. */
export function createZoneTruth(zone: StoreZone): {
  see(person: number, staff: boolean, at: FloorPoint, atS: number): TrueVisit | undefined;
  forget(person: number): TrueVisit | undefined;
  open(nowS: number): readonly TrueVisit[];
} {
  const stays = new Map<number, Stay>();
  const xs = zone.polygon.map(([x]) => x);
  const ys = zone.polygon.map(([, y]) => y);
  const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const close = (person: number, { enteredS, insideS, staff }: Stay): TrueVisit | undefined => {
    stays.delete(person);
    return insideS - enteredS >= shortestS ? { zone: zone.id, person, staff, enteredS, leftS: insideS } : undefined;
  };
  return {
    see: (person, staff, at, atS) => {
      const inside = at[0] >= x0 && at[0] <= x1 && at[1] >= y0 && at[1] <= y1 && insidePolygon(at, zone.polygon);
      const stay = stays.get(person);
      if (stay === undefined) {
        if (inside) stays.set(person, { enteredS: atS, insideS: atS, staff });
        return undefined;
      }
      if (atS - stay.insideS > gapS) {
        const visit = close(person, stay);
        if (inside) stays.set(person, { enteredS: atS, insideS: atS, staff });
        return visit;
      }
      if (inside) stay.insideS = atS;
      return undefined;
    },
    forget: (person) => {
      const stay = stays.get(person);
      return stay && close(person, stay);
    },
    open: (nowS) =>
      [...stays].flatMap(([person, { enteredS, insideS, staff }]) =>
        insideS - enteredS < shortestS
          ? []
          : [{ zone: zone.id, person, staff, enteredS, leftS: nowS - insideS < 0.2 ? undefined : insideS }],
      ),
  };
}
