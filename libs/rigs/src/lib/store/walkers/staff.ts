import type { FloorPoint, Random } from '@edge-blueprints/contracts';
import type { ShelfSpot } from './shelf-spots.js';
import type { Walker } from './walker.js';
import { createWalker, distanceTo, send } from './walker.js';
import { drawBody } from './wardrobe.js';

export interface StaffPost {
  readonly at: FloorPoint;
  readonly faceRad: number;
}

export interface Staff {
  readonly walkers: readonly Walker[];
  /** Five more come out of the stock room and work at the shelves, or go back. */
  setEverywhere(on: boolean): void;
  step(nowS: number): void;
}

interface Stocker {
  readonly walker: Walker;
  readonly always: boolean;
  untilS: number;
  place: 'room' | 'floor' | 'way back';
}

const inRoomS = 240;
const atShelfS = 60;
const extra = 5;

/** One at each till, and a stocker who comes out of the stock room now and then to fill a shelf. */
export function createStaff(
  random: Random,
  posts: readonly StaffPost[],
  stockRoom: FloorPoint | undefined,
  spots: readonly ShelfSpot[],
  firstPerson: number,
): Staff {
  const uniform = drawBody(random, 'adult');
  const hire = (index: number, at: FloorPoint, faceRad: number): Walker => {
    const own = random.fork(`staff ${index}`);
    return createWalker({
      id: firstPerson + index,
      role: 'staff',
      // Of no party: each is its own.
      party: -1 - index,
      body: { ...drawBody(own, 'adult'), top: uniform.top, pattern: 'plain' },
      random: own,
      at,
      headingRad: faceRad,
      access: 'staff',
    });
  };
  const tills = posts.map(({ at, faceRad }, index) => hire(index, at, faceRad));
  tills.forEach((walker, index) => send(walker, walker.goal, 'stand', posts[index]?.faceRad));
  const stockers: Stocker[] =
    stockRoom === undefined
      ? []
      : Array.from({ length: 1 + extra }, (_, index) => ({
          walker: hire(posts.length + index, [stockRoom[0] + 0.6 * (index % 3), stockRoom[1]], 0),
          always: index === 0,
          untilS: index === 0 ? -Math.log(1 - random.next()) * inRoomS : Infinity,
          place: 'room',
        }));
  const [firstSpot, ...otherSpots] = spots;
  let everywhere = false;
  const active = ({ always, place }: Stocker): boolean => always || everywhere || place !== 'room';
  return {
    get walkers() {
      return [...tills, ...stockers.filter(active).map(({ walker }) => walker)];
    },
    setEverywhere: (on) => {
      everywhere = on;
      for (const stocker of stockers) if (!stocker.always || on) stocker.untilS = 0;
    },
    step: (nowS) => {
      if (firstSpot === undefined || stockRoom === undefined) return;
      for (const stocker of stockers) {
        if (!active(stocker) || distanceTo(stocker.walker, stocker.walker.goal) > 0.4) continue;
        if (stocker.place === 'way back') stocker.place = 'room';
        if (stocker.untilS === Infinity) {
          const meanS = stocker.place === 'floor' ? atShelfS : inRoomS;
          stocker.untilS = nowS + meanS * (0.3 - 0.7 * Math.log(1 - stocker.walker.random.next()));
        }
        if (nowS < stocker.untilS || (stocker.place === 'room' && !stocker.always && !everywhere)) continue;
        stocker.untilS = Infinity;
        // While they are told to be everywhere they go from shelf to shelf.
        if (stocker.place === 'room' || everywhere) {
          const spot = stocker.walker.random.pick([firstSpot, ...otherSpots]);
          stocker.place = 'floor';
          send(stocker.walker, spot.at, stocker.walker.random.pick(['reach', 'crouch', 'reach']), spot.faceRad);
        } else {
          stocker.place = 'way back';
          send(stocker.walker, stockRoom, 'stand', 0);
        }
      }
    },
  };
}
