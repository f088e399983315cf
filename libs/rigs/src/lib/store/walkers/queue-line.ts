import type { FloorPoint, Random, StoreQueue } from '@edge-blueprints/contracts';
import type { QueueEvent } from './queue-event.js';
import type { Walker } from './walker.js';
import { distanceTo, send } from './walker.js';

const personGapM = 0.8;
/** People of one party stand closer, and a trolley or pram stands before who pushes it. */
const partyGapM = 0.6;
const pushedGapM = 0.7;
/** The first part of every queue is straight; after it the chain bends. */
const straightM = 2.6;
/** So far past the service point a served person is out of the way; after so long the next one comes in any case. */
const clearM = 0.4;
const longestDepartureS = 10;

interface Place {
  readonly walker: Walker;
  /** Metres from the service point along the chain where this person stands or walks to. */
  heldM: number;
  moveAtS: number;
  joinedAtS: number | undefined;
}

export interface QueueLine {
  readonly id: string;
  /** People in the chain, with who is served. */
  readonly people: number;
  /** Metres from the service point to where the next person would stand. */
  tailM(pushes: boolean): number;
  /** Whether so many more still fit in. */
  hasRoom(people: number): boolean;
  at(alongM: number): FloorPoint;
  join(members: readonly Walker[], nowS: number): void;
  /** Out of the chain, wherever they stand; those behind move up. */
  leave(party: number, nowS: number): void;
  isFirst(party: number): boolean;
  /** Moves everybody up and serves. Who was served is named once. */
  step(nowS: number): number | undefined;
}

/**
 * A chain from the service point. Everybody keeps a place along a curve and moves up a moment after the one before has.
 * Service times are gamma distributed with shape 3. `report` tells what truly happened.
 */
export function createQueueLine(
  queue: StoreQueue,
  options: {
    readonly random: Random;
    readonly meanServiceS: number;
    /** How much the chain turns per metre after its straight part, degrees. */
    readonly bendDegPerM: number;
    readonly lengthM: number;
    readonly report: (event: QueueEvent) => void;
  },
): QueueLine {
  const { random, report } = options;
  const places: Place[] = [];
  let departing: readonly Walker[] = [];
  let departUntilS = 0;
  let servedUntilS: number | undefined;
  const curve = chainCurve(queue, options.bendDegPerM, options.lengthM + 2);

  const at = (alongM: number): FloorPoint => {
    const index = Math.max(0, Math.min(curve.length - 1, Math.round(alongM / 0.1)));
    return curve[index] ?? queue.servicePoint;
  };
  const gapBefore = (walker: Walker, ahead: Walker | undefined): number =>
    ahead === undefined
      ? 0
      : (ahead.party === walker.party ? partyGapM : personGapM) + (walker.pushes === 'nothing' ? 0 : pushedGapM);
  const tell = (kind: QueueEvent['kind'], { walker }: Place, atS: number): void =>
    report({ kind, queue: queue.id, person: walker.id, party: walker.party, atS });
  const arrive = (place: Place, atS: number): void => {
    if (place.joinedAtS !== undefined) return;
    place.joinedAtS = atS;
    tell('joined', place, atS);
  };
  const ofParty = (party: number): readonly Place[] => places.filter(({ walker }) => walker.party === party);
  const remove = (party: number): void => {
    for (const place of ofParty(party)) places.splice(places.indexOf(place), 1);
  };
  const heading = (queue.directionDeg * Math.PI) / 180;
  const aheadOfService = ({ xM, yM }: Walker): number =>
    -(xM - queue.servicePoint[0]) * Math.cos(heading) - (yM - queue.servicePoint[1]) * Math.sin(heading);
  /** Who of a party came to stand in front is in front: in a lane nobody gets past. */
  const orderParties = (): void => {
    for (let index = 1; index < places.length; index += 1) {
      const [ahead, behind] = [places[index - 1], places[index]];
      if (ahead === undefined || behind === undefined || ahead.walker.party !== behind.walker.party) continue;
      if (aheadOfService(behind.walker) < aheadOfService(ahead.walker) + 0.3) continue;
      places[index - 1] = behind;
      places[index] = ahead;
    }
  };
  const lastM = (): number => {
    let alongM = 0;
    places.forEach(({ walker }, index) => (alongM += gapBefore(walker, places[index - 1]?.walker)));
    return alongM;
  };
  return {
    id: queue.id,
    get people() {
      return places.length;
    },
    tailM: (pushes) => (places.length === 0 ? 0 : lastM() + personGapM + (pushes ? pushedGapM : 0)),
    hasRoom: (people) => lastM() + personGapM + (people - 1) * partyGapM + pushedGapM <= options.lengthM,
    at,
    isFirst: (party) => places[0]?.walker.party === party,
    join: (members, nowS) => {
      for (const walker of members) {
        walker.access = 'served';
        places.push({ walker, heldM: Infinity, moveAtS: nowS, joinedAtS: undefined });
      }
    },
    leave: (party, nowS) => {
      for (const place of ofParty(party)) {
        arrive(place, nowS);
        tell('abandoned', place, nowS);
      }
      remove(party);
    },
    step: (nowS) => {
      // The next party waits until the whole one before is through: nobody can overtake in the lane.
      departing = nowS < departUntilS ? departing.filter((walker) => aheadOfService(walker) < clearM) : [];
      orderParties();
      let alongM = 0;
      places.forEach((place, index) => {
        alongM += gapBefore(place.walker, places[index - 1]?.walker);
        if (Math.abs(place.heldM - alongM) < 0.12) place.moveAtS = nowS + 0.3 + 0.8 * random.next();
        else if (nowS >= place.moveAtS && (departing.length === 0 || place.heldM === Infinity))
          place.heldM = alongM + (departing.length > 0 ? departing.length * partyGapM : 0);
        const [x, y] = at(Math.min(place.heldM, options.lengthM + 1.5));
        const [nextX, nextY] = at(Math.max(0, place.heldM - 0.5));
        const face =
          place.heldM < 0.3 ? ((queue.directionDeg + 180) * Math.PI) / 180 : Math.atan2(nextY - y, nextX - x);
        send(place.walker, [x, y], 'stand', face);
        if (distanceTo(place.walker, [x, y]) < 0.4) arrive(place, nowS);
      });
      const [first] = places;
      if (first === undefined) return undefined;
      const { party } = first.walker;
      if (servedUntilS === undefined) {
        if (first.heldM !== 0 || distanceTo(first.walker, at(0)) > 0.35) return undefined;
        for (const place of ofParty(party)) {
          arrive(place, nowS);
          tell('served', place, nowS);
        }
        servedUntilS = nowS + gamma3(random, options.meanServiceS);
        return undefined;
      }
      if (nowS < servedUntilS) return undefined;
      servedUntilS = undefined;
      departing = ofParty(party).map(({ walker }) => walker);
      departUntilS = nowS + longestDepartureS;
      for (const place of ofParty(party)) tell('left', place, nowS);
      remove(party);
      return party;
    },
  };
}

/** Points every 0.1 m from the service point. */
function chainCurve(queue: StoreQueue, bendDegPerM: number, lengthM: number): readonly FloorPoint[] {
  const points: FloorPoint[] = [];
  let [x, y] = queue.servicePoint;
  for (let alongM = 0; alongM <= lengthM; alongM += 0.1) {
    points.push([x, y]);
    const turnDeg = bendDegPerM * Math.min(2.5, Math.max(0, alongM - straightM));
    const heading = ((queue.directionDeg + turnDeg) * Math.PI) / 180;
    x += 0.1 * Math.cos(heading);
    y += 0.1 * Math.sin(heading);
  }
  return points;
}

function gamma3(random: Random, mean: number): number {
  return (-Math.log((1 - random.next()) * (1 - random.next()) * (1 - random.next())) * mean) / 3;
}
