import type { FloorPoint, StoreQueue } from '@edge-blueprints/contracts';
import { queueRules } from './measure-rules.js';

/** Members of a party that stand within this of each other share a place. */
const partyReachM = 1.2;

export interface Stander {
  readonly track: number;
  readonly floor: FloorPoint;
  /** Smallest track of its party. */
  readonly party: number;
}

/** One place of the chain: a party, the nearest to the service point first. */
export interface ChainLink {
  readonly tracks: readonly number[];
  /** Where its members stand. */
  readonly places: readonly FloorPoint[];
  /** The middle of them. */
  readonly floor: FloorPoint;
  /** Of the member nearest to the service point. */
  readonly serviceM: number;
}

/**
 * Who stands in line: the first within a link's length of the service point, then always the nearest within a link's length
 * that lies within 70 degrees of the direction in which the line runs. That direction begins as the plan says and follows
 * the chain, so that lines may bend.
 */
export function chainOf(
  queue: Pick<StoreQueue, 'servicePoint' | 'directionDeg'>,
  standers: readonly Stander[],
): readonly ChainLink[] {
  const left = new Set(linksOf(standers, queue.servicePoint));
  const angle = (queue.directionDeg * Math.PI) / 180;
  let direction: FloorPoint = [Math.cos(angle), Math.sin(angle)];
  const chain: ChainLink[] = [];
  let next = nearest([...left], (link) => link.serviceM);
  while (next) {
    left.delete(next);
    const before = chain.at(-1);
    chain.push(next);
    if (before) direction = turned(direction, before.floor, next.floor);
    const here = next;
    next = nearest([...left], (link) => distanceBehind(here, direction, link));
  }
  return chain;
}

/** A party is one place of the chain; who of it stands apart has a place of his own. */
function linksOf(standers: readonly Stander[], service: FloorPoint): ChainLink[] {
  const groups: Stander[][] = [];
  for (const stander of [...standers].sort((a, b) => apart(a.floor, service) - apart(b.floor, service))) {
    const group = groups.find(
      ([first]) => first && first.party === stander.party && apart(first.floor, stander.floor) <= partyReachM,
    );
    if (group) group.push(stander);
    else groups.push([stander]);
  }
  return groups.map((members) => ({
    tracks: members.map((m) => m.track),
    places: members.map((m) => m.floor),
    floor: [
      members.reduce((s, m) => s + m.floor[0], 0) / members.length,
      members.reduce((s, m) => s + m.floor[1], 0) / members.length,
    ],
    serviceM: Math.min(...members.map((m) => apart(m.floor, service))),
  }));
}

function nearest(links: readonly ChainLink[], distance: (link: ChainLink) => number): ChainLink | undefined {
  let best: ChainLink | undefined;
  let bestM: number = queueRules.linkM;
  for (const link of links) {
    const m = distance(link);
    if (m > bestM) continue;
    best = link;
    bestM = m;
  }
  return best;
}

const cosine = Math.cos((queueRules.bendDeg * Math.PI) / 180);

/** From the nearest member of one place to the nearest of the next that stands behind it. */
function distanceBehind(here: ChainLink, direction: FloorPoint, next: ChainLink): number {
  const ways = [...here.places, here.floor].flatMap((from) =>
    next.places.map((to) => (isBehind(from, direction, to) ? apart(from, to) : Number.POSITIVE_INFINITY)),
  );
  return Math.min(...ways);
}

function isBehind(from: FloorPoint, direction: FloorPoint, to: FloorPoint): boolean {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  return dx * direction[0] + dy * direction[1] >= cosine * Math.hypot(dx, dy);
}

/** Half of the way: a step aside of one person does not turn the whole line. */
function turned(direction: FloorPoint, from: FloorPoint, to: FloorPoint): FloorPoint {
  const length = Math.max(1e-6, apart(from, to));
  const [x, y] = [direction[0] + (to[0] - from[0]) / length, direction[1] + (to[1] - from[1]) / length];
  const norm = Math.max(1e-6, Math.hypot(x, y));
  return [x / norm, y / norm];
}

function apart(a: FloorPoint, b: FloorPoint): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
