import type { StorePlan } from '@edge-blueprints/contracts';
import type { TrueCrossing } from './store-truth-lines.js';
import { createLineTruth } from './store-truth-lines.js';
import type { TrueQueueLength, TrueQueueVisit } from './store-truth-queues.js';
import { createQueueTruth } from './store-truth-queues.js';
import type { TrueVisit } from './store-truth-zones.js';
import { createZoneTruth } from './store-truth-zones.js';
import type { QueueEvent } from './walkers/queue-event.js';

/** Where somebody truly is. */
export interface TruePerson {
  readonly id: number;
  readonly party: number;
  readonly staff: boolean;
  readonly xM: number;
  readonly yM: number;
}

/** All that truly happened, seconds of the store's own time. Staff is in the lists and marked. */
export interface StoreTruth {
  readonly atS: number;
  /** Customers behind the entrance line now, and how many parties they are. */
  readonly people: number;
  readonly parties: number;
  readonly staff: number;
  /** Customers who were on the floor when it was first seen, and who vanished there; 0 in a simulated store. */
  readonly startedInside: number;
  readonly vanishedInside: number;
  readonly crossings: readonly TrueCrossing[];
  /** Those that ended, then those that last. */
  readonly visits: readonly TrueVisit[];
  readonly queueVisits: readonly TrueQueueVisit[];
  readonly queueLengths: Readonly<Record<string, readonly TrueQueueLength[]>>;
  /** Seconds that customers spent in each 0.5 m cell, row-major from the origin. */
  readonly heat: {
    readonly cellM: number;
    readonly columns: number;
    readonly rows: number;
    readonly seconds: readonly number[];
  };
  /** Entries that a full list lost, oldest first. */
  readonly dropped: number;
}

export interface StoreTruthBook {
  observe(atS: number, people: readonly TruePerson[]): void;
  takeQueue(event: QueueEvent): void;
  report(): StoreTruth;
}

const heatCellM = 0.5;
const longestList = 200_000;

interface Known {
  readonly staff: boolean;
  readonly party: number;
  /** Times in minus times out; somebody first seen on the floor begins with one. */
  balance: number;
  seenAtS: number;
}

/**
 * Keeps the truth of a store from positions alone, and of its queues from the events of the people in them. It shares no
 * code with what the cameras' numbers are made by.
 */
export function createStoreTruth(plan: StorePlan): StoreTruthBook {
  const lines = plan.lines.map(createLineTruth);
  const zones = plan.zones.map(createZoneTruth);
  const queues = new Map(plan.queues.map(({ id }) => [id, createQueueTruth(id)]));
  const crossings: TrueCrossing[] = [];
  const visits: TrueVisit[] = [];
  const queueVisits: TrueQueueVisit[] = [];
  const lengths = new Map<string, TrueQueueLength[]>(plan.queues.map(({ id }) => [id, []]));
  const columns = Math.ceil(plan.widthM / heatCellM);
  const rows = Math.ceil(plan.depthM / heatCellM);
  const seconds = new Float64Array(columns * rows);
  const known = new Map<number, Known>();
  let dropped = 0;
  let startedInside = 0;
  let vanishedInside = 0;
  let nowS = 0;
  let lastS: number | undefined;

  const keep = <T>(list: T[], entry: T | undefined): void => {
    if (entry === undefined) return;
    list.push(entry);
    if (list.length <= longestList) return;
    list.shift();
    dropped += 1;
  };
  const onFloor = ({ xM, yM }: TruePerson): boolean => xM >= 0 && xM < plan.widthM && yM >= 0 && yM < plan.depthM;
  const forget = (person: number, { staff, balance }: Known): void => {
    for (const line of lines) line.forget(person);
    for (const zone of zones) keep(visits, zone.forget(person));
    if (!staff && balance > 0) vanishedInside += 1;
    known.delete(person);
  };

  return {
    observe: (atS, people) => {
      const sinceS = lastS === undefined ? 0 : Math.min(1, atS - lastS);
      nowS = lastS = atS;
      for (const person of people) {
        const { id, party, staff, xM, yM } = person;
        let entry = known.get(id);
        if (entry === undefined) {
          const inside = onFloor(person);
          entry = { staff, party, balance: inside ? 1 : 0, seenAtS: atS };
          if (inside && !staff) startedInside += 1;
          known.set(id, entry);
        }
        entry.seenAtS = atS;
        for (const line of lines) {
          const crossing = line.see(id, party, staff, [xM, yM], atS);
          keep(crossings, crossing);
          if (crossing) entry.balance += crossing.direction === 'in' ? 1 : -1;
        }
        for (const zone of zones) keep(visits, zone.see(id, staff, [xM, yM], atS));
        if (!staff && onFloor(person)) {
          const cell = Math.floor(yM / heatCellM) * columns + Math.floor(xM / heatCellM);
          seconds[cell] = (seconds[cell] ?? 0) + sinceS;
        }
      }
      for (const [id, entry] of known) if (entry.seenAtS !== atS) forget(id, entry);
    },
    takeQueue: (event) => {
      const told = queues.get(event.queue)?.take(event);
      const list = lengths.get(event.queue);
      if (told === undefined || list === undefined) return;
      keep(queueVisits, told.visit);
      keep(list, told.length);
    },
    report: () => {
      const inside = [...known.values()].filter(({ staff, balance }) => !staff && balance > 0);
      return {
        atS: nowS,
        people: inside.length,
        parties: new Set(inside.map(({ party }) => party)).size,
        staff: [...known.values()].filter(({ staff }) => staff).length,
        startedInside,
        vanishedInside,
        crossings: [...crossings],
        visits: [...visits, ...zones.flatMap((zone) => zone.open(nowS))],
        queueVisits: [...queueVisits, ...[...queues.values()].flatMap((queue) => queue.open())],
        queueLengths: Object.fromEntries([...lengths].map(([id, list]) => [id, [...list]])),
        heat: { cellM: heatCellM, columns, rows, seconds: [...seconds] },
        dropped,
      };
    },
  };
}
