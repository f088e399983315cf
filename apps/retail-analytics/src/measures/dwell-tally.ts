import { kaplanMeier, type Duration, type Survival } from './kaplan-meier.js';

const hourMs = 3_600_000;
const mostVisits = 2_048;
const cacheMs = 1_000;

/** How long the visitors of one zone stayed in the last hour. */
export class DwellTally {
  #visits: (Duration & { readonly endedMs: number })[] = [];
  #cached: { readonly atMs: number; readonly survival: Survival } | undefined;

  add(durationS: number, censored: boolean, endedMs: number): void {
    this.#visits.push({ durationS, censored, endedMs });
    if (this.#visits.length > 2 * mostVisits) this.#visits = this.#visits.slice(-mostVisits);
  }

  survival(nowMs: number): Survival {
    if (this.#cached && nowMs - this.#cached.atMs < cacheMs && nowMs >= this.#cached.atMs) return this.#cached.survival;
    this.#visits = this.#visits.filter((visit) => nowMs - visit.endedMs <= hourMs).slice(-mostVisits);
    const survival = kaplanMeier(this.#visits);
    this.#cached = { atMs: nowMs, survival };
    return survival;
  }
}
