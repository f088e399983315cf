import type { FloorPoint } from '@edge-blueprints/contracts';

export interface StillOptions {
  /** Who has not moved farther than this is not moving. */
  readonly motionM: number;
  /** After so long without motion it is a thing, where somebody else of the same camera moved meanwhile. */
  readonly stillS: number;
  /** The same where nothing else moved at all. */
  readonly aloneStillS: number;
  /** A person who was taken for a thing is one again after moving this far. */
  readonly wakeM: number;
  /** New tracks at the place of a thing are that thing. */
  readonly placeM: number;
}

export const stillDefaults: StillOptions = {
  motionM: 0.05,
  stillS: 120,
  aloneStillS: 360,
  wakeM: 0.5,
  placeM: 0.3,
};

/** Time constant of the place that is compared: detections shake more than a mannequin moves. */
const smoothS = 5;
/** Places of things that were not seen for so long are forgotten. */
const forgetS = 1_800;
const mostPlaces = 64;

interface Watched {
  smooth: FloorPoint;
  reference: FloorPoint;
  sinceMs: number;
  atMs: number;
  still: boolean;
}

/** Finds mannequins, posters and reflections of one camera: what stands absolutely still for minutes is no person. */
export class StillWatch {
  readonly #options: StillOptions;
  readonly #watched = new Map<number, Watched>();
  #places: { at: FloorPoint; seenMs: number }[] = [];
  #othersMovedMs = Number.NEGATIVE_INFINITY;
  #moverId = -1;
  #found = 0;

  constructor(options: StillOptions = stillDefaults) {
    this.#options = options;
  }

  get found(): number {
    return this.#found;
  }

  /** A detection of this track; true where it is a thing. */
  observe(id: number, floor: FloorPoint, atMs: number): boolean {
    const known = this.#watched.get(id);
    if (!known) return this.#begin(id, floor, atMs);
    const share = 1 - Math.exp(-(atMs - known.atMs) / 1000 / smoothS);
    known.smooth = [
      known.smooth[0] + share * (floor[0] - known.smooth[0]),
      known.smooth[1] + share * (floor[1] - known.smooth[1]),
    ];
    known.atMs = atMs;
    const movedM = distance(known.smooth, known.reference);
    if (known.still) {
      this.#remember(known.reference, atMs);
      if (distance(floor, known.reference) > this.#options.wakeM) {
        known.smooth = floor;
        known.still = false;
        this.#forget(known.reference);
        this.#restart(known, id, atMs);
      }
    } else if (movedM > this.#options.motionM) {
      this.#restart(known, id, atMs);
    } else if (atMs - known.sinceMs >= this.#limitMs(id, known)) {
      known.still = true;
      this.#found += 1;
      this.#remember(known.reference, atMs);
    }
    return known.still;
  }

  /** Tracks that are not in this list are forgotten. */
  keep(ids: ReadonlySet<number>, atMs: number): void {
    for (const id of this.#watched.keys()) if (!ids.has(id)) this.#watched.delete(id);
    this.#places = this.#places.filter((place) => atMs - place.seenMs <= forgetS * 1000);
  }

  isStill(id: number): boolean {
    return this.#watched.get(id)?.still ?? false;
  }

  #begin(id: number, floor: FloorPoint, atMs: number): boolean {
    const place = this.#places.find(({ at }) => distance(at, floor) <= this.#options.placeM);
    // A track of somebody who passes the mannequin begins there too: it wakes as soon as it has gone half a metre.
    this.#watched.set(id, {
      smooth: floor,
      reference: place?.at ?? floor,
      sinceMs: atMs,
      atMs,
      still: place !== undefined,
    });
    return place !== undefined;
  }

  #restart(known: Watched, id: number, atMs: number): void {
    known.reference = known.smooth;
    known.sinceMs = atMs;
    this.#othersMovedMs = atMs;
    this.#moverId = id;
  }

  #limitMs(id: number, known: Watched): number {
    const othersMoved = this.#moverId !== id && this.#othersMovedMs > known.sinceMs;
    return 1000 * (othersMoved ? this.#options.stillS : this.#options.aloneStillS);
  }

  #remember(at: FloorPoint, atMs: number): void {
    const place = this.#places.find((p) => distance(p.at, at) <= this.#options.placeM);
    if (place) place.seenMs = atMs;
    else if (this.#places.length < mostPlaces) this.#places.push({ at, seenMs: atMs });
  }

  #forget(at: FloorPoint): void {
    this.#places = this.#places.filter((place) => distance(place.at, at) > this.#options.placeM);
  }
}

function distance(a: FloorPoint, b: FloorPoint): number {
  return Math.hypot(a[0] - b[0], a[1] - b[1]);
}
