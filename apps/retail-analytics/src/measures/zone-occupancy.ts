const sampleMs = 500;
/** The median of five seconds: what is seen for a moment is no peak. */
const medianOf = 10;

/** People of one zone over time: time-weighted mean, and the largest five-second median. */
export class OccupancyMeter {
  #recent: number[] = [];
  #nextSampleMs: number | undefined;
  #peopleMs = 0;
  #totalMs = 0;
  #peak = 0;

  /** So many people were inside for the last `dtMs` that end now. */
  observe(people: number, dtMs: number, nowMs: number): void {
    this.#peopleMs += people * dtMs;
    this.#totalMs += dtMs;
    this.#nextSampleMs ??= nowMs;
    while (this.#nextSampleMs <= nowMs) {
      this.#recent = [...this.#recent.slice(1 - medianOf), people];
      this.#nextSampleMs = nowMs - this.#nextSampleMs > 5_000 ? nowMs + sampleMs : this.#nextSampleMs + sampleMs;
      if (this.#recent.length === medianOf) {
        const sorted = [...this.#recent].sort((a, b) => a - b);
        this.#peak = Math.max(this.#peak, ((sorted[4] ?? 0) + (sorted[5] ?? 0)) / 2);
      }
    }
  }

  /** Figures since the last call. */
  take(): { readonly meanPeople: number; readonly peakPeople: number; readonly seconds: number } {
    const result = {
      meanPeople: this.#totalMs === 0 ? 0 : this.#peopleMs / this.#totalMs,
      peakPeople: this.#peak,
      seconds: this.#totalMs / 1000,
    };
    this.#peopleMs = 0;
    this.#totalMs = 0;
    this.#peak = 0;
    return result;
  }
}
