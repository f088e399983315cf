import { reachedMs } from './line-watch.js';
import { zoneRules } from './measure-rules.js';

export interface Visit {
  readonly enteredAtMs: number;
  readonly leftAtMs: number;
  readonly censored: boolean;
}

/**
 * One track in one zone. It is inside after half a second inside of the zone made smaller by the border, and outside after a
 * second outside of the zone made larger by it; both from the moment at which that began, so that a border as wide on both
 * sides makes no visit longer or shorter. Depth is positive inside.
 *
 * A track that is first seen inside makes no visit until it has been outside: it is somebody who was lost there and found
 * again, whose visit is told already, or who has been there nobody knows how long. As a visit of its own it would count the
 * person twice and the stay too short.
 */
export class ZoneWatch {
  #last: { readonly depthM: number; readonly atMs: number } | undefined;
  #inside = false;
  /** It was seen outside since its beginning, and the visit that goes on or was left last began with that. */
  #wasOutside = false;
  #isBegun = false;
  #insideSinceMs: number | undefined;
  #outsideSinceMs: number | undefined;
  #enteredMs = 0;
  #left: { readonly enteredAtMs: number; readonly leftAtMs: number } | undefined;

  get isInside(): boolean {
    return this.#inside;
  }

  /** @returns a visit that is over for good: nobody comes back to it */
  observe(depthM: number, atMs: number): Visit | undefined {
    const before = this.#last ?? { depthM, atMs };
    this.#last = { depthM, atMs };
    if (this.#inside) {
      this.#watchExit(before, depthM, atMs);
      return undefined;
    }
    if (depthM < zoneRules.borderM) {
      this.#insideSinceMs = undefined;
      this.#wasOutside = true;
    } else this.#insideSinceMs ??= reachedMs(before, depthM, atMs, zoneRules.borderM);
    const since = this.#insideSinceMs;
    const over = since === undefined || since - (this.#left?.leftAtMs ?? since) > zoneRules.mergeMs;
    const done = over ? this.closed(atMs) : undefined;
    if (since !== undefined && atMs - since >= zoneRules.enterMs) {
      this.#inside = true;
      this.#insideSinceMs = undefined;
      this.#enteredMs = this.#left?.enteredAtMs ?? since;
      if (!this.#left) this.#isBegun = this.#wasOutside;
      this.#left = undefined;
    }
    return done;
  }

  /** A visit that was left so long ago that it can no more be taken up again. */
  closed(nowMs: number): Visit | undefined {
    const left = this.#left;
    // Who is entering again since less than the merging time decides first.
    if (!left || nowMs - left.leftAtMs <= zoneRules.mergeMs) return undefined;
    if (this.#insideSinceMs !== undefined && this.#insideSinceMs - left.leftAtMs <= zoneRules.mergeMs) return undefined;
    this.#left = undefined;
    return this.#told({ ...left, censored: false });
  }

  /** The visit that is going on, as far as it was seen; nothing is closed by it. */
  soFar(seenMs: number): Visit | undefined {
    if (this.#left) return this.#told({ ...this.#left, censored: false });
    return this.#inside ? this.#told({ enteredAtMs: this.#enteredMs, leftAtMs: seenMs, censored: true }) : undefined;
  }

  /** The track ended, or the zone was changed; `seenMs` is when it was last seen. */
  end(seenMs: number): Visit | undefined {
    const { enteredAtMs, leftAtMs } = this.#left ?? { enteredAtMs: this.#enteredMs, leftAtMs: this.#outsideSinceMs };
    const isVisit = this.#inside || this.#left !== undefined;
    this.#inside = false;
    this.#wasOutside = false;
    this.#left = undefined;
    this.#insideSinceMs = undefined;
    this.#outsideSinceMs = undefined;
    this.#last = undefined;
    if (!isVisit) return undefined;
    return this.#told({ enteredAtMs, leftAtMs: leftAtMs ?? seenMs, censored: leftAtMs === undefined });
  }

  #watchExit(before: { depthM: number; atMs: number }, depthM: number, atMs: number): void {
    if (depthM > -zoneRules.borderM) {
      this.#outsideSinceMs = undefined;
      return;
    }
    this.#outsideSinceMs ??= reachedMs(before, depthM, atMs, -zoneRules.borderM);
    if (atMs - this.#outsideSinceMs < zoneRules.exitMs) return;
    this.#inside = false;
    this.#left = { enteredAtMs: this.#enteredMs, leftAtMs: this.#outsideSinceMs };
    this.#outsideSinceMs = undefined;
  }

  #told(visit: Visit): Visit | undefined {
    return this.#isBegun && visit.leftAtMs - visit.enteredAtMs >= zoneRules.shortestVisitMs ? visit : undefined;
  }
}
