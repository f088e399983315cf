import type { FloorPoint, StoreHeatView, StorePlan } from '@edge-blueprints/contracts';
import { measuredGrid } from '../privacy/public-cells.js';

const keptMinutes = 15;
const minuteMs = 60_000;

/** Index of the cell of the public grid that a place lies in; undefined outside of the floor. */
export function cellOf(plan: StorePlan, [x, y]: FloorPoint): number | undefined {
  const { columns, rows, cellM } = measuredGrid(plan);
  const column = Math.floor(x / cellM);
  const row = Math.floor(y / cellM);
  return column >= 0 && row >= 0 && column < columns && row < rows ? row * columns + column : undefined;
}

/**
 * Person-seconds per cell of the last quarter of an hour. Of who was there it keeps, for each cell, the last few tracks and
 * when: just enough to know whether a cell was touched by the minimum of people.
 */
export class HeatMap {
  readonly #plan: StorePlan;
  readonly #minimumPeople: number;
  readonly #minutes = new Map<number, Map<number, number>>();
  readonly #visitors = new Map<number, { track: number; atMs: number }[]>();

  constructor(plan: StorePlan, minimumPeople: number) {
    this.#plan = plan;
    this.#minimumPeople = minimumPeople;
  }

  add(cell: number, track: number, seconds: number, nowMs: number): void {
    const minute = Math.floor(nowMs / minuteMs);
    const bin = this.#minutes.get(minute) ?? this.#begin(minute);
    bin.set(cell, (bin.get(cell) ?? 0) + seconds);
    const visitors = (this.#visitors.get(cell) ?? []).filter((visitor) => visitor.track !== track);
    this.#visitors.set(cell, [...visitors.slice(1 - this.#minimumPeople), { track, atMs: nowMs }]);
  }

  view(nowMs: number): StoreHeatView {
    const { columns, rows, cellM } = measuredGrid(this.#plan);
    const first = Math.floor(nowMs / minuteMs) - keptMinutes;
    const seconds = new Array<number>(columns * rows).fill(0);
    for (const [minute, bin] of this.#minutes) {
      if (minute <= first) continue;
      for (const [cell, s] of bin) seconds[cell] = (seconds[cell] ?? 0) + s;
    }
    const isShown = (cell: number): boolean => {
      const recent = (this.#visitors.get(cell) ?? []).filter((v) => nowMs - v.atMs <= keptMinutes * minuteMs);
      return recent.length >= this.#minimumPeople;
    };
    return {
      cellM,
      columns,
      rows,
      seconds: seconds.map((s, cell) => (s > 0 && isShown(cell) ? Math.round(s * 10) / 10 : 0)),
      minimumPeople: this.#minimumPeople,
    };
  }

  #begin(minute: number): Map<number, number> {
    for (const old of this.#minutes.keys()) if (old <= minute - keptMinutes) this.#minutes.delete(old);
    const bin = new Map<number, number>();
    this.#minutes.set(minute, bin);
    return bin;
  }
}
