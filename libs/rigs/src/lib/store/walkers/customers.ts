import type { FloorPoint, Random } from '@edge-blueprints/contracts';
import type { Party, Stop } from './party.js';
import { drawParty, keepTogether } from './party.js';
import type { QueueLine } from './queue-line.js';
import { approachOf, chooseQueue, wayAround } from './queue-choice.js';
import type { RouteFinder } from './route-finder.js';
import type { ShelfSpot } from './shelf-spots.js';
import { drawShopping } from './shopping-list.js';
import type { Walker } from './walker.js';
import { distanceTo, placeOf, send } from './walker.js';
import type { WalkableFloor } from './walkable-floor.js';

/** How people get in and out of a store. */
export interface Doorway {
  /** On the street, where they come from and leave to. */
  readonly streets: readonly [FloorPoint, ...FloorPoint[]];
  readonly wayIn: readonly FloorPoint[];
  readonly wayOut: readonly FloorPoint[];
  /** Some look in and turn back here, before the line. */
  readonly threshold: FloorPoint;
  /** After paying one first walks so far ahead, metres. */
  readonly aheadOfTillM: number;
  /** From the tills to the way out. */
  readonly alongFront: readonly FloorPoint[];
}

export interface Customers {
  readonly parties: readonly Party[];
  /** Parties that found every queue full and left without buying. */
  readonly balked: number;
  readonly queues: readonly QueueLine[];
  /** A party begins on the street. */
  arrive(id: number, firstPerson: number): Party;
  /** Everybody in the store goes to pay now. */
  rush(): void;
  /** Somebody who shops goes there first. */
  invite(at: FloorPoint, faceRad: number, dwellS: number): void;
  step(nowS: number): void;
}

const viaReachedM = 0.45;
const turnsBackShare = 0.03;
const changesQueueBy = 2;
/** Who finds all queues full looks at one more shelf and tries again, so often. */
const mostTries = 4;

/** What customers want: in, from shelf to shelf, to a till or not, and out. */
export function createCustomers(
  random: Random,
  deps: {
    readonly floor: WalkableFloor;
    readonly routes: RouteFinder;
    readonly spots: readonly ShelfSpot[];
    readonly queues: readonly QueueLine[];
    readonly doorway: Doorway;
  },
): Customers {
  const { floor, routes, spots, queues, doorway } = deps;
  const parties: Party[] = [];
  const taken = new Set<number>();
  let balked = 0;

  const via = (at: FloorPoint): Stop => ({ at, dwellS: 0, rest: 'stand', faceRad: undefined, spot: undefined });
  const leave = (party: Party, first: readonly FloorPoint[]): void => {
    party.phase = 'leaving';
    // Nobody follows the way that led into the queue.
    if (party.queue !== undefined) party.trail.length = 0;
    party.queue = undefined;
    party.dwellUntilS = undefined;
    for (const { spot } of party.stops) if (spot !== undefined) taken.delete(spot);
    const [leader] = party.members;
    const around =
      leader === undefined || first.length > 0 ? [] : wayAround(placeOf(leader), doorway.wayOut[0], queues);
    party.stops = [...first, ...around, ...doorway.wayOut, party.random.pick(doorway.streets)].map(via);
  };
  const toQueue = (party: Party, nowS: number): void => {
    for (const { spot } of party.stops) if (spot !== undefined) taken.delete(spot);
    party.stops = [];
    party.dwellUntilS = undefined;
    const [leader] = party.members;
    const queue = leader && chooseQueue(queues, placeOf(leader), party.members.length);
    if (leader === undefined || queue === undefined) {
      party.queue = undefined;
      party.tries += 1;
      party.stops = party.tries > mostTries ? [] : drawShopping(party.random, spots, taken, 1);
      if (party.stops.length > 0) {
        party.phase = 'shopping';
        return;
      }
      balked += 1;
      leave(party, []);
      return;
    }
    party.phase = 'to-queue';
    party.queue = queue;
    party.joinedAtS = nowS;
    party.stops = wayAround(placeOf(leader), approachOf(queue, leader), queues).map(via);
  };

  /** Walks the list of stops. @returns false when it is done */
  const follow = (party: Party, leader: Walker, nowS: number): boolean => {
    const [stop] = party.stops;
    if (stop === undefined) return false;
    send(leader, stop.at, stop.rest, stop.faceRad);
    const away = distanceTo(leader, stop.at);
    if (party.dwellUntilS === undefined) {
      if (away < viaReachedM) party.dwellUntilS = nowS + stop.dwellS;
      else return true;
    }
    if (nowS < party.dwellUntilS) return true;
    party.dwellUntilS = undefined;
    party.stops.shift();
    if (stop.spot !== undefined) taken.delete(stop.spot);
    return true;
  };

  const steps = {
    coming: (party: Party, leader: Walker, nowS: number): void => {
      if (follow(party, leader, nowS)) return;
      party.phase = 'shopping';
      party.stops = drawShopping(party.random, spots, taken);
    },
    shopping: (party: Party, leader: Walker, nowS: number): void => {
      if (follow(party, leader, nowS)) return;
      if (party.buys && queues.length > 0) toQueue(party, nowS);
      else leave(party, []);
    },
    'to-queue': (party: Party, leader: Walker, nowS: number): void => {
      if (follow(party, leader, nowS)) return;
      const { queue } = party;
      if (queue === undefined) return leave(party, []);
      const better = chooseQueue(queues, placeOf(leader), party.members.length);
      if (
        better === undefined ||
        better.people + changesQueueBy <= queue.people ||
        !queue.hasRoom(party.members.length)
      )
        return toQueue(party, nowS);
      const goal = approachOf(queue, leader);
      send(leader, goal);
      if (distanceTo(leader, goal) > 0.6) return;
      queue.join(party.members, nowS);
      party.phase = 'queued';
      party.joinedAtS = nowS;
    },
    queued: (party: Party, _leader: Walker, nowS: number): void => {
      const { queue } = party;
      if (queue === undefined || queue.isFirst(party.id) || nowS - party.joinedAtS < party.patienceS) return;
      queue.leave(party.id, nowS);
      for (const member of party.members) member.access = 'customer';
      leave(party, []);
    },
    leaving: (party: Party, leader: Walker, nowS: number): void => {
      follow(party, leader, nowS);
    },
  } as const;

  const gone = ({ yM }: Walker, party: Party): boolean => party.phase === 'leaving' && yM < -1.9;

  return {
    parties,
    get balked() {
      return balked;
    },
    queues,
    arrive: (id, firstPerson) => {
      const own = random.fork(`party ${id}`);
      const at = own.pick(doorway.streets);
      const party = drawParty({ id, firstPerson, random: own, at, headingRad: Math.PI / 2 });
      if (own.next() < turnsBackShare) {
        party.phase = 'leaving';
        party.stops = [doorway.threshold, own.pick(doorway.streets)].map(via);
      } else party.stops = doorway.wayIn.map(via);
      parties.push(party);
      return party;
    },
    rush: () => {
      for (const party of parties) if (party.phase === 'shopping') toQueue(party, party.joinedAtS);
    },
    invite: (at, faceRad, dwellS) => {
      const party = parties.find(({ phase, stops }) => phase === 'shopping' && stops[0]?.spot !== undefined);
      party?.stops.unshift({ at, dwellS, rest: 'stand', faceRad, spot: undefined });
      if (party) party.dwellUntilS = undefined;
    },
    step: (nowS) => {
      for (const queue of queues) {
        const served = queue.step(nowS);
        const party = served === undefined ? undefined : parties.find(({ id }) => id === served);
        if (party !== undefined) {
          const [x, y] = queue.at(0);
          const [backX, backY] = queue.at(0.5);
          const ahead = doorway.aheadOfTillM / 0.5;
          leave(party, [[x + (x - backX) * ahead, y + (y - backY) * ahead], ...doorway.alongFront]);
        }
      }
      for (const party of parties) {
        const [leader] = party.members;
        if (leader === undefined) continue;
        steps[party.phase](party, leader, nowS);
        if (party.phase === 'queued') continue;
        if (party.phase === 'leaving' && leader.yM < 0.2) {
          const street = party.stops[party.stops.length - 1]?.at ?? doorway.streets[0];
          for (const member of party.members) if (member !== leader) send(member, street);
        } else keepTogether(party, floor, routes);
      }
      for (let at = parties.length - 1; at >= 0; at -= 1) {
        const party = parties[at];
        if (party === undefined) continue;
        for (let k = party.members.length - 1; k >= 0; k -= 1) {
          const member = party.members[k];
          if (member !== undefined && gone(member, party)) party.members.splice(k, 1);
        }
        if (party.members.length === 0) parties.splice(at, 1);
      }
    },
  };
}
