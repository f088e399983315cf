import type { FloorPoint, Random } from '@edge-blueprints/contracts';
import type { Body, Figure, Posture } from '../scene/figure.js';
import type { Access } from './walkable-floor.js';

export type WalkerRole = 'customer' | 'passer-by' | 'staff';

/** Somebody on the floor. Who plans sets `goal`, `access`, `faceRad` and `rest`; the mover sets the rest of what changes. */
export interface Walker {
  readonly id: number;
  readonly role: WalkerRole;
  /** Who came together has the same number. */
  readonly party: number;
  readonly body: Body;
  readonly random: Random;
  readonly pushes: Figure['pushes'];
  readonly radiusM: number;
  /** Free walking speed. */
  readonly speedMps: number;
  xM: number;
  yM: number;
  vxMps: number;
  vyMps: number;
  headingRad: number;
  gait: number;
  posture: Posture;
  access: Access;
  goal: FloorPoint;
  /** Which way to look once there; left as it was walked when undefined. */
  faceRad: number | undefined;
  /** What one does there. */
  rest: Posture;
  /** Share of the free speed: who leads waits for who lags. */
  pace: number;
  waypoint: FloorPoint;
  waypointAtS: number;
  /** For so long it has hardly moved although its goal is away. */
  stuckS: number;
  /** Until then it makes itself thin, so that two who block each other get past. */
  thinUntilS: number;
  swayX: number;
  swayY: number;
  swayAtS: number;
}

export interface WalkerStart {
  readonly id: number;
  readonly role: WalkerRole;
  readonly party: number;
  readonly body: Body;
  readonly random: Random;
  readonly pushes?: Figure['pushes'];
  readonly at: FloorPoint;
  readonly headingRad: number;
  readonly access: Access;
}

export function createWalker(start: WalkerStart): Walker {
  const { at, random, body } = start;
  const pushes = start.pushes ?? 'nothing';
  // Weidmann (1993): 1.34 m/s, deviation 0.26; people who shop walk slower.
  const free = Math.max(0.6, Math.min(1.5, 1.1 + 0.16 * random.normal()));
  return {
    id: start.id,
    role: start.role,
    party: start.party,
    body,
    random,
    pushes,
    radiusM: pushes === 'nothing' ? 0.15 + 0.035 * body.heightM * body.build : 0.27,
    speedMps: free * (pushes === 'nothing' ? 1 : 0.85) * (start.role === 'passer-by' ? 1.15 : 1),
    xM: at[0],
    yM: at[1],
    vxMps: 0,
    vyMps: 0,
    headingRad: start.headingRad,
    gait: random.next(),
    posture: 'stand',
    access: start.access,
    goal: at,
    faceRad: undefined,
    rest: 'stand',
    pace: 1,
    waypoint: at,
    waypointAtS: -1,
    stuckS: 0,
    thinUntilS: -1,
    swayX: 0,
    swayY: 0,
    swayAtS: 0,
  };
}

export const placeOf = ({ xM, yM }: Walker): FloorPoint => [xM, yM];

export function distanceTo({ xM, yM }: Walker, [x, y]: FloorPoint): number {
  return Math.hypot(x - xM, y - yM);
}

/** Sends somebody to a place; asking for the same place again changes nothing. */
export function send(walker: Walker, goal: FloorPoint, rest: Posture = 'stand', faceRad?: number): void {
  walker.rest = rest;
  walker.faceRad = faceRad;
  if (walker.goal[0] === goal[0] && walker.goal[1] === goal[1]) return;
  walker.goal = goal;
  walker.waypointAtS = -1;
  walker.stuckS = 0;
}

/** As the renderer draws it. */
export function figureOf(walker: Walker): Figure {
  const { id, xM, yM, headingRad, gait, posture, pushes, body } = walker;
  const speedMps = Math.hypot(walker.vxMps, walker.vyMps);
  return { id, xM, yM, headingRad, speedMps, gait, posture, pushes, body, alive: true };
}
