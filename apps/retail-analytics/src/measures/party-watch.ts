import type { FloorPoint } from '@edge-blueprints/contracts';
import { partyRules } from './measure-rules.js';

export interface Mover {
  readonly track: number;
  readonly floor: FloorPoint;
  readonly velocity: FloorPoint;
  /** Has not stood for the last second. */
  readonly walks: boolean;
}

interface Pair {
  togetherMs: number;
  atMs: number;
}

/** Pairs that were not near each other for so long are forgotten, ms. */
const forgetMs = 5_000;

/** Who came together: people who walk side by side for two seconds, and who walks with one of them. */
export class PartyWatch {
  readonly #pairs = new Map<string, Pair>();
  readonly #links = new Map<string, readonly [number, number]>();
  readonly #apart = new Map<string, number>();
  #atMs: number | undefined;

  update(people: readonly Mover[], atMs: number): void {
    const dtMs = Math.min(1_000, atMs - (this.#atMs ?? atMs));
    this.#atMs = atMs;
    const present = new Map(people.map((person) => [person.track, person]));
    const sorted = [...people].sort((a, b) => a.floor[0] - b.floor[0]);
    sorted.forEach((one, i) => {
      for (let j = i + 1; j < sorted.length; j += 1) {
        const other = sorted[j];
        if (!other || other.floor[0] - one.floor[0] > partyRules.nearM) break;
        if (apartM(one, other) <= partyRules.nearM && walkTogether(one, other)) this.#add(one, other, dtMs, atMs);
      }
    });
    for (const [key, pair] of this.#pairs) if (atMs - pair.atMs > forgetMs) this.#pairs.delete(key);
    for (const [key, [a, b]] of this.#links) this.#part(key, present.get(a), present.get(b), dtMs);
  }

  /** Forgets tracks that have ended. */
  keep(isAlive: (track: number) => boolean): void {
    for (const [key, [a, b]] of this.#links) {
      if (isAlive(a) && isAlive(b)) continue;
      this.#links.delete(key);
      this.#apart.delete(key);
    }
  }

  /** For each of these tracks the smallest track of its party; who is alone is its own. */
  parties(tracks: readonly number[]): ReadonlyMap<number, number> {
    const root = new Map(tracks.map((track) => [track, track]));
    const find = (track: number): number => {
      const up = root.get(track) ?? track;
      return up === track ? track : find(up);
    };
    for (const [a, b] of this.#links.values()) {
      if (!root.has(a) || !root.has(b)) continue;
      const [low, high] = [find(a), find(b)].sort((x, y) => x - y);
      if (low !== undefined && high !== undefined) root.set(high, low);
    }
    return new Map(tracks.map((track) => [track, find(track)]));
  }

  #add(one: Mover, other: Mover, dtMs: number, atMs: number): void {
    const low = Math.min(one.track, other.track);
    const high = Math.max(one.track, other.track);
    const key = `${low} ${high}`;
    const pair = this.#pairs.get(key) ?? { togetherMs: 0, atMs };
    pair.togetherMs += dtMs;
    pair.atMs = atMs;
    this.#pairs.set(key, pair);
    if (pair.togetherMs >= partyRules.togetherMs) this.#links.set(key, [low, high]);
  }

  #part(key: string, one: Mover | undefined, other: Mover | undefined, dtMs: number): void {
    if (!one || !other) return;
    const apartMs = apartM(one, other) > partyRules.apartM ? (this.#apart.get(key) ?? 0) + dtMs : 0;
    this.#apart.set(key, apartMs);
    if (apartMs <= partyRules.partMs) return;
    this.#links.delete(key);
    this.#apart.delete(key);
    this.#pairs.delete(key);
  }
}

function apartM(one: Mover, other: Mover): number {
  return Math.hypot(one.floor[0] - other.floor[0], one.floor[1] - other.floor[1]);
}

function walkTogether(one: Mover, other: Mover): boolean {
  return (
    one.walks &&
    other.walks &&
    Math.hypot(...one.velocity) > partyRules.movingMps &&
    Math.hypot(...other.velocity) > partyRules.movingMps &&
    Math.hypot(one.velocity[0] - other.velocity[0], one.velocity[1] - other.velocity[1]) <= partyRules.differenceMps
  );
}
