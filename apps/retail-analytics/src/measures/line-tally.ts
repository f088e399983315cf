import type { StoreLine, StoreLineView } from '@edge-blueprints/contracts';
import { RollingCount, shown } from './rolling-count.js';

/** Crossings of one line: since the beginning of the local day, and of the last hour. */
export class LineTally {
  readonly #line: StoreLine;
  readonly #hour = { in: new RollingCount(), out: new RollingCount() };
  readonly #day: { in: number; out: number };

  constructor(line: StoreLine, day: { readonly in: number; readonly out: number } = { in: 0, out: 0 }) {
    this.#line = line;
    this.#day = { ...day };
  }

  get today(): { readonly in: number; readonly out: number } {
    return this.#day;
  }

  add(direction: 'in' | 'out', nowMs: number): void {
    this.#day[direction] += 1;
    this.#hour[direction].add(nowMs);
  }

  newDay(): void {
    this.#day.in = 0;
    this.#day.out = 0;
  }

  view(nowMs: number, minimum: number): StoreLineView {
    return {
      id: this.#line.id,
      name: this.#line.name,
      inToday: this.#day.in,
      outToday: this.#day.out,
      inLastHour: shown(this.#hour.in.lastHour(nowMs), minimum),
      outLastHour: shown(this.#hour.out.lastHour(nowMs), minimum),
    };
  }
}
