import type { FloorPoint, FloorPolygon } from '@edge-blueprints/contracts';
import type { Doorway } from './walkers/customers.js';
import type { RouteFinder } from './walkers/route-finder.js';
import { createRouteFinder } from './walkers/route-finder.js';
import type { ShelfSpot } from './walkers/shelf-spots.js';
import { shelfSpots } from './walkers/shelf-spots.js';
import type { StaffPost } from './walkers/staff.js';
import type { WalkableFloor } from './walkers/walkable-floor.js';
import { createWalkableFloor } from './walkers/walkable-floor.js';
import { storePlan } from './store-plan.js';

interface Premises {
  /** The floor before the doors, with the opening itself. */
  readonly street: FloorPolygon;
  /** Through here goes only who pays. */
  readonly lanes: readonly FloorPolygon[];
  readonly doorway: Doorway;
  readonly tillPosts: readonly StaffPost[];
  readonly stockRoom: FloorPoint;
  /** Where one looks at oneself. */
  readonly mirrorPlaces: readonly StaffPost[];
  /** Who passes by the shop walks from the first to the last or back. */
  readonly passing: readonly [FloorPoint, FloorPoint];
}

/** What the people of the demo store know of it and its plan does not say. */
export const demoPremises: Premises = {
  street: [
    [0.3, -2.95],
    [5.7, -2.95],
    [5.7, 0],
    [3.95, 0],
    [3.95, 1],
    [2.05, 1],
    [2.05, 0],
    [0.3, 0],
  ],
  lanes: [
    [
      [8.95, 1.7],
      [9.9, 1.7],
      [9.9, 3.2],
      [8.95, 3.2],
    ],
    [
      [11.25, 1.7],
      [12.15, 1.7],
      [12.15, 3.2],
      [11.25, 3.2],
    ],
  ],
  doorway: {
    streets: [
      [1.2, -2.5],
      [4.8, -2.5],
    ],
    wayIn: [
      [2.5, -0.1],
      [2.5, 2.4],
    ],
    wayOut: [
      [3.5, 2.5],
      [3.5, -0.1],
    ],
    threshold: [2.9, 0.7],
    aheadOfTillM: 1.35,
    alongFront: [[5, 1.2]],
  },
  tillPosts: [
    { at: [10.82, 2.4], faceRad: Math.PI },
    { at: [13.1, 2.4], faceRad: Math.PI },
  ],
  stockRoom: [11, 9.1],
  mirrorPlaces: [
    { at: [5.5, 0.8], faceRad: -Math.PI / 2 },
    { at: [6.3, 0.8], faceRad: -Math.PI / 2 },
    { at: [5.9, 1.1], faceRad: -Math.PI / 2 },
  ],
  passing: [
    [0.6, -1.6],
    [5.4, -1.6],
  ],
};

export interface Ground {
  readonly floor: WalkableFloor;
  readonly routes: RouteFinder;
  readonly spots: readonly ShelfSpot[];
}

let made: Ground | undefined;

/** What can be walked on in the demo store. It never changes, so that all stores of a process share one. */
export function demoGround(): Ground {
  if (made) return made;
  const floor = createWalkableFloor(storePlan, demoPremises.street, demoPremises.lanes);
  made = { floor, routes: createRouteFinder(floor), spots: shelfSpots(storePlan, floor) };
  return made;
}
