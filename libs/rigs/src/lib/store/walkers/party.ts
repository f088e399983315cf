import type { FloorPoint, Random } from '@edge-blueprints/contracts';
import type { Posture } from '../scene/figure.js';
import type { QueueLine } from './queue-line.js';
import type { RouteFinder } from './route-finder.js';
import type { Walker, WalkerStart } from './walker.js';
import { createWalker, distanceTo, placeOf, send } from './walker.js';
import type { WalkableFloor } from './walkable-floor.js';
import { drawBody } from './wardrobe.js';

export type PartyPhase = 'coming' | 'shopping' | 'to-queue' | 'queued' | 'leaving';

/** A place to go to, and to stay at for a while. */
export interface Stop {
  readonly at: FloorPoint;
  readonly dwellS: number;
  readonly rest: Posture;
  readonly faceRad: number | undefined;
  /** Of the shelf spot that is taken; undefined on the way. */
  readonly spot: number | undefined;
}

/** People who came together. The first leads, the others keep near. */
export interface Party {
  readonly id: number;
  readonly members: Walker[];
  readonly random: Random;
  /** Stands so long in a queue before giving up. */
  readonly patienceS: number;
  readonly buys: boolean;
  phase: PartyPhase;
  stops: Stop[];
  dwellUntilS: number | undefined;
  queue: QueueLine | undefined;
  joinedAtS: number;
  /** How often every queue was full. */
  tries: number;
  /** Where the leader walked, newest last. */
  readonly trail: FloorPoint[];
}

export interface PartyStart {
  readonly id: number;
  readonly firstPerson: number;
  readonly random: Random;
  readonly at: FloorPoint;
  readonly headingRad: number;
}

interface Kind {
  readonly share: number;
  readonly members: readonly ('adult' | 'child' | 'toddler')[];
  readonly pram?: true;
}

const kinds: readonly Kind[] = [
  { share: 0.6, members: ['adult'] },
  { share: 0.2, members: ['adult', 'adult'] },
  { share: 0.06, members: ['adult', 'child'] },
  { share: 0.05, members: ['adult', 'adult', 'child'] },
  { share: 0.03, members: ['adult', 'adult', 'child', 'toddler'] },
  { share: 0.04, members: ['adult'], pram: true },
  { share: 0.02, members: ['adult', 'adult', 'adult'] },
];

/** People a party on average, for the rate at which parties come. */
export const meanPartySize =
  kinds.reduce((sum, { share, members }) => sum + share * members.length, 0) /
  kinds.reduce((sum, { share }) => sum + share, 0);

export function drawParty({ id, firstPerson, random, at, headingRad }: PartyStart): Party {
  let pick = random.next() * kinds.reduce((sum, { share }) => sum + share, 0);
  const kind = kinds.find(({ share }) => (pick -= share) < 0) ?? kinds[0];
  const trolley = random.next() < 0.1;
  const members = (kind?.members ?? ['adult']).map((age, index) => {
    const own = random.fork(`person ${firstPerson + index}`);
    const pushes = index > 0 ? 'nothing' : kind?.pram === true ? 'pram' : trolley ? 'trolley' : 'nothing';
    const loaded = own.pick(['nothing', 'nothing', 'backpack', 'bag', 'basket', 'basket'] as const);
    const start: WalkerStart = {
      id: firstPerson + index,
      role: 'customer',
      party: id,
      body: drawBody(own, age, pushes === 'nothing' && age === 'adult' ? loaded : 'nothing'),
      random: own,
      pushes,
      at: [at[0] + 0.5 * (index % 2), at[1] - 0.5 * Math.floor(index / 2)],
      headingRad,
      access: 'customer',
    };
    return createWalker(start);
  });
  return {
    id,
    members,
    random,
    patienceS: Math.exp(Math.log(170) + 0.6 * random.normal()),
    buys: random.next() < 0.78,
    phase: 'coming',
    stops: [],
    dwellUntilS: undefined,
    queue: undefined,
    joinedAtS: 0,
    tries: 0,
    trail: [],
  };
}

const trailEveryM = 0.2;
const trailPoints = 60;
/** When somebody is farther back than this, the leader slows down, and almost stops 0.9 m on. */
const lagsM = 1.7;

/** Members walk beside the leader where there is room, behind where there is none, and wait near while it stands. */
export function keepTogether(party: Party, floor: WalkableFloor, routes: RouteFinder): void {
  const [leader, ...others] = party.members;
  if (leader === undefined) return;
  const last = party.trail[party.trail.length - 1];
  if (last === undefined || distanceTo(leader, last) >= trailEveryM) {
    party.trail.push(placeOf(leader));
    if (party.trail.length > trailPoints) party.trail.shift();
  }
  const farthestM = others.reduce((most, member) => Math.max(most, distanceTo(member, placeOf(leader))), 0);
  leader.pace = Math.max(0.05, Math.min(1, 1 - (farthestM - lagsM) / 0.9));
  others.forEach((member, index) => {
    member.access = leader.access;
    const rank = index + 1;
    const backM = 0.35 + 0.55 * Math.floor(index / 2);
    const side = (rank % 2 === 1 ? 0.6 : -0.6) * (party.id % 2 === 0 ? 1 : -1);
    const { xM, yM, headingRad } = leader;
    const beside: FloorPoint = [
      xM - backM * Math.cos(headingRad) - side * Math.sin(headingRad),
      yM - backM * Math.sin(headingRad) + side * Math.cos(headingRad),
    ];
    const open = floor.clearance(beside[0], beside[1]) > 0.28 && routes.free(placeOf(leader), beside, leader.access);
    const behind = party.trail[Math.max(0, party.trail.length - 1 - Math.round((0.65 * rank) / trailEveryM))];
    const place = open ? beside : (behind ?? beside);
    // Small moves of the leader do not make the others step about.
    const standing = Math.hypot(leader.vxMps, leader.vyMps) < 0.25;
    if (standing && distanceTo(member, placeOf(leader)) < 1.2) {
      if (distanceTo(member, member.goal) > 0.3) send(member, placeOf(member), 'stand', member.headingRad);
      return;
    }
    // Towards a point that moves there is nothing to search a route for: a trail point is always reachable.
    if (routes.free(placeOf(member), place, leader.access)) send(member, place);
    else send(member, nearestOf(party.trail, member, routes) ?? place);
  });
}

/** The newest point of the trail that the member sees. */
function nearestOf(trail: readonly FloorPoint[], member: Walker, routes: RouteFinder): FloorPoint | undefined {
  for (let at = trail.length - 1; at >= 0; at -= 3) {
    const point = trail[at];
    if (point !== undefined && routes.free(placeOf(member), point, member.access)) return point;
  }
  return undefined;
}
