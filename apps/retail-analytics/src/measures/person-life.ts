import type { FloorPerson, FloorPoint, StorePlan } from '@edge-blueprints/contracts';
import { depthInPolygonM } from '@edge-blueprints/vision';
import type { QueueVisit, TrackContribution, ZoneVisit } from './contribution.js';
import { cellOf } from './heat-map.js';
import { LineWatch, type Crossing } from './line-watch.js';
import { lineRules, trackRules, zoneRules } from './measure-rules.js';
import type { OpenWindow } from './release-windows.js';
import { Standing } from './standing.js';
import { ZoneWatch, type Visit } from './zone-watch.js';

/** Items of one kind that a track keeps; a person does not make more in a day. */
const mostItems = 64;
/** Nobody goes faster, m/s, and places are wrong by so much at worst, metres: what is farther is a mix-up of two people. */
const topSpeedMps = 2.5;
const worstErrorM = 0.5;
/** Between two sights nobody is believed to have been where it is seen now for longer, ms. */
const longestStepMs = 1_000;

export interface LifeEvents {
  crossing(line: string, crossing: Crossing, life: PersonLife): void;
  visit(zone: string, visit: Visit, life: PersonLife): void;
  heat(cell: number, seconds: number, life: PersonLife): void;
}

/** One track from its first confirmed sight to its end: where it is, and what it has added to its window so far. */
export class PersonLife {
  readonly track: number;
  readonly key: string;
  readonly startedMs: number;
  readonly standing = new Standing();
  floor: FloorPoint;
  velocity: FloorPoint = [0, 0];
  seenMs: number;
  /** Mannequin, poster, reflection. */
  isThing = false;
  /** Seen in a staff area now. */
  inStaffArea = false;
  isStaff = false;
  wasThing = false;
  /** The window that it adds to; undefined once that is closed or the plan was edited. */
  window: OpenWindow | undefined;
  overflow = 0;
  lostCrossings = 0;
  readonly #crossings: { line: string; direction: 'in' | 'out' }[] = [];
  readonly #visits: ZoneVisit[] = [];
  readonly #queues: QueueVisit[] = [];
  readonly #heat = new Map<number, number>();
  #lines: readonly { readonly id: string; readonly watch: LineWatch }[] = [];
  #zones: readonly { readonly id: string; readonly watch: ZoneWatch }[] = [];
  #staffMs = 0;

  constructor(track: number, key: string, plan: StorePlan, first: FloorPerson, atMs: number, window: OpenWindow) {
    this.track = track;
    this.key = key;
    this.startedMs = atMs;
    this.seenMs = atMs;
    this.floor = first.floor;
    this.window = window;
    this.#watch(plan);
    // Who comes out of the stock room is staff, as long as the track lasts.
    this.isStaff = isInStaffArea(plan, first.floor);
  }

  /** Counts as a customer now. */
  get isCustomer(): boolean {
    return !this.isThing && !this.isStaff && !this.inStaffArea;
  }

  isIn(zone: string): boolean {
    return this.isCustomer && (this.#zones.find(({ id }) => id === zone)?.watch.isInside ?? false);
  }

  observe(person: FloorPerson, atMs: number, plan: StorePlan, events: LifeEvents): void {
    const stepMs = Math.min(longestStepMs, atMs - this.seenMs);
    const metres = Math.hypot(person.floor[0] - this.floor[0], person.floor[1] - this.floor[1]);
    const gapMs = atMs - this.seenMs;
    if (gapMs > lineRules.gapMs || metres > worstErrorM + (topSpeedMps * gapMs) / 1000) this.#leap(plan);
    this.floor = person.floor;
    this.velocity = person.velocity;
    this.seenMs = atMs;
    this.standing.observe(person.floor, atMs);
    if (person.still !== this.isThing) this.#turn(person.still, plan);
    this.#seeStaff(plan, stepMs);
    if (!this.isCustomer) return;
    const cell = cellOf(plan, person.floor);
    if (cell !== undefined && stepMs > 0) {
      this.#heat.set(cell, (this.#heat.get(cell) ?? 0) + stepMs / 1000);
      events.heat(cell, stepMs / 1000, this);
    }
    for (const { id, watch } of this.#lines) {
      const crossing = watch.observe(person.floor, atMs);
      if (!crossing) continue;
      this.#add(this.#crossings, { line: id, direction: crossing.direction });
      events.crossing(id, crossing, this);
    }
    for (const [i, { id, watch }] of this.#zones.entries()) {
      const polygon = plan.zones[i]?.polygon ?? [];
      this.#note(id, watch.observe(depthInPolygonM(polygon, person.floor), atMs), events);
    }
  }

  /** Visits that nobody comes back to are over. */
  advance(nowMs: number, events: LifeEvents): void {
    for (const { id, watch } of this.#zones) this.#note(id, watch.closed(nowMs), events);
  }

  /** It was lost, or the plan was edited: what is open is closed as it was last seen. */
  close(events: LifeEvents): void {
    for (const { id, watch } of this.#zones) {
      const visit = watch.end(this.seenMs);
      if (this.isCustomer) this.#note(id, visit, events);
    }
    if (this.isCustomer) this.lostCrossings += this.#lines.filter(({ watch }) => watch.isLoss()).length;
  }

  /** New borders: everything is watched afresh. */
  rewatch(plan: StorePlan): void {
    this.#watch(plan);
  }

  queueVisit(visit: QueueVisit): void {
    this.#add(this.#queues, visit);
  }

  /** What it has added to its window, visits that go on as far as they were seen; undefined where it was no customer at all. */
  contribution(): TrackContribution | undefined {
    if (this.isStaff || this.isThing) return undefined;
    const open = this.#zones.flatMap(({ id, watch }) => {
      const visit = watch.soFar(this.seenMs);
      return visit ? [zoneVisit(id, visit)] : [];
    });
    const visits = [...this.#visits, ...open].sort((a, b) => a.enteredAtMs - b.enteredAtMs);
    return {
      key: this.key,
      startedAtMs: this.startedMs,
      crossings: [...this.#crossings],
      visits,
      heat: new Map(this.#heat),
      transitions: visits.slice(1).flatMap(({ zone }, i) => {
        const from = visits[i]?.zone ?? zone;
        return from === zone ? [] : [{ from, to: zone }];
      }),
      queues: [...this.#queues],
    };
  }

  #watch(plan: StorePlan): void {
    this.#lines = plan.lines.map((line) => ({ id: line.id, watch: new LineWatch(line) }));
    this.#zones = plan.zones.map(({ id }) => ({ id, watch: new ZoneWatch() }));
  }

  /** What was not seen on the way over a line, or leapt over it, has not crossed it. */
  #leap(plan: StorePlan): void {
    this.#lines = plan.lines.map((line) => ({ id: line.id, watch: new LineWatch(line) }));
  }

  /** What stood still for minutes was never a customer: nothing of it counts. Who wakes up begins anew. */
  #turn(isThing: boolean, plan: StorePlan): void {
    this.isThing = isThing;
    this.wasThing = true;
    this.#crossings.length = 0;
    this.#visits.length = 0;
    this.#queues.length = 0;
    this.#heat.clear();
    this.#watch(plan);
  }

  #seeStaff(plan: StorePlan, stepMs: number): void {
    this.inStaffArea = isInStaffArea(plan, this.floor);
    if (this.inStaffArea) this.#staffMs += stepMs;
    if (this.#staffMs >= trackRules.staffMs) this.isStaff = true;
  }

  #note(zone: string, visit: Visit | undefined, events: LifeEvents): void {
    if (!visit) return;
    this.#add(this.#visits, zoneVisit(zone, visit));
    events.visit(zone, visit, this);
  }

  #add<T>(items: T[], item: T): void {
    if (items.length < mostItems) items.push(item);
    else this.overflow += 1;
  }
}

function zoneVisit(zone: string, { enteredAtMs, leftAtMs, censored }: Visit): ZoneVisit {
  return { zone, enteredAtMs, dwellS: (leftAtMs - enteredAtMs) / 1000, censored };
}

function isInStaffArea(plan: StorePlan, floor: FloorPoint): boolean {
  return plan.staffAreas.some((area) => depthInPolygonM(area, floor) >= zoneRules.borderM);
}
