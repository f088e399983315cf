import type { FloorPoint } from '@edge-blueprints/contracts';
import { queueRules } from './measure-rules.js';

/** Speed is taken over this time: the place of a standing person shakes by centimetres from picture to picture. */
const overMs = 1_000;
const mostSights = 64;

/** Whether a person stands, and since when. */
export class Standing {
  #sights: { readonly floor: FloorPoint; readonly atMs: number }[] = [];
  #sinceMs: number | undefined;

  /** Undefined while it walks. */
  get sinceMs(): number | undefined {
    return this.#sinceMs;
  }

  observe(floor: FloorPoint, atMs: number): void {
    this.#sights.push({ floor, atMs });
    // The oldest sight is the last one that is at least the whole time ago.
    while (this.#sights.length > mostSights || (this.#sights[1]?.atMs ?? atMs) <= atMs - overMs) this.#sights.shift();
    const first = this.#sights[0];
    if (!first || atMs - first.atMs < overMs / 2) return;
    const metres = Math.hypot(floor[0] - first.floor[0], floor[1] - first.floor[1]);
    const isStanding = metres < queueRules.standingMps * Math.min(2, (atMs - first.atMs) / 1000);
    this.#sinceMs = isStanding ? (this.#sinceMs ?? first.atMs) : undefined;
  }
}
