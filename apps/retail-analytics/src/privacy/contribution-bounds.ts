import { createHmac } from 'node:crypto';
import type { ReleaseMetric, StorePlan } from '@edge-blueprints/contracts';
import type { TrackContribution } from '../measures/contribution.js';
import { cellKeys, dwellBin, measuredGrid, releasedGrid } from './public-cells.js';

/** What one track-visit may add at most, and in what unit. `sensitivity` is the largest sum of what it adds to all cells. */
export const metricBounds = {
  /** One crossing in and one out, over all lines. */
  counts: { sensitivity: 2, unit: 'people', unitsPerPerson: 1 },
  /** Four zones, one each. */
  visits: { sensitivity: 4, unit: 'visits', unitsPerPerson: 1 },
  /** Four visits, each in one bin of a fixed histogram, at most 900 s. */
  dwell: { sensitivity: 4, unit: 'visits', unitsPerPerson: 1 },
  /** Its time on the floor, scaled to one visit in hundredths. */
  heat: { sensitivity: 100, unit: 'hundredths of a visit', unitsPerPerson: 100 },
  /** Six periods of five minutes in which it waited longer than the threshold. */
  queue: { sensitivity: 6, unit: 'waits of five minutes', unitsPerPerson: 1 },
  /** Three ways from zone to zone. */
  transitions: { sensitivity: 3, unit: 'people', unitsPerPerson: 1 },
} as const satisfies Record<ReleaseMetric, { sensitivity: number; unit: string; unitsPerPerson: number }>;

export interface BoundSettings {
  readonly plan: StorePlan;
  readonly heatCellM: number;
  readonly queueThresholdS: number;
  /** Key of the order in which a track's surplus is dropped; random per process, never written. */
  readonly orderKey: Uint8Array;
}

export interface BoundedContribution {
  /** Whole units per public cell; their sum is at most the sensitivity. */
  readonly units: ReadonlyMap<string, number>;
  readonly offered: number;
  /** Data about people: only for stores without any, never released or logged. */
  readonly dropped: number;
}

/**
 * Cuts what one track added down to its bound, before any noise. What is dropped follows a keyed hash of the track's random
 * key and the item: it depends on this track alone, so adding or removing a track changes nothing of any other.
 */
export function boundContribution(
  metric: ReleaseMetric,
  track: TrackContribution,
  settings: BoundSettings,
): BoundedContribution {
  const { plan, queueThresholdS } = settings;
  const zones = new Set(plan.zones.map(({ id }) => id));
  const chosen = (items: readonly string[], most: number): readonly string[] =>
    items.length <= most
      ? items
      : [...items].sort(keyedOrder(settings.orderKey, `${metric}/${track.key}`)).slice(0, most);

  switch (metric) {
    case 'counts': {
      const lines = new Set(plan.lines.map(({ id }) => id));
      const known = track.crossings.filter(({ line }) => lines.has(line));
      const of = (direction: 'in' | 'out'): readonly string[] =>
        chosen(
          distinct(known.filter((c) => c.direction === direction).map((c) => cellKeys.crossing(c.line, direction))),
          1,
        );
      return counted([...of('in'), ...of('out')], known.length);
    }
    case 'visits': {
      const cells = distinct(
        track.visits.filter(({ zone }) => zones.has(zone)).map(({ zone }) => cellKeys.visit(zone)),
      );
      return counted(chosen(cells, metricBounds.visits.sensitivity), cells.length);
    }
    case 'dwell': {
      const visits = track.visits.filter(({ zone, dwellS }) => zones.has(zone) && dwellS >= 0);
      const numbered = visits.map((v, i) => `${i} ${cellKeys.dwell(v.zone, dwellBin(v.dwellS), v.censored)}`);
      const kept = chosen(numbered, metricBounds.dwell.sensitivity);
      return counted(
        kept.map((item) => item.slice(item.indexOf(' ') + 1)),
        visits.length,
      );
    }
    case 'heat':
      return normalisedHeat(track.heat, settings);
    case 'queue': {
      const queues = new Set(plan.queues.map(({ id }) => id));
      const visits = track.queues.filter(({ queue }) => queues.has(queue));
      const periods = distinct(visits.flatMap((v) => waitPeriods(v, queueThresholdS)));
      const kept = chosen(periods, metricBounds.queue.sensitivity);
      return counted(
        kept.map((item) => item.slice(item.indexOf(' ') + 1)),
        periods.length,
      );
    }
    case 'transitions': {
      const known = track.transitions.filter((t) => zones.has(t.from) && zones.has(t.to) && t.from !== t.to);
      const cells = distinct(known.map((t) => cellKeys.transition(t.from, t.to)));
      return counted(chosen(cells, metricBounds.transitions.sensitivity), cells.length);
    }
    default:
      return metric satisfies never;
  }
}

const periodMs = 300_000;
const mostPeriods = 48;

/** The five-minute periods in which somebody had waited longer than the threshold, as `period cell`. */
function waitPeriods(
  visit: { readonly queue: string; readonly joinedAtMs: number; readonly waitS: number },
  thresholdS: number,
): readonly string[] {
  if (!(visit.waitS > thresholdS) || !Number.isFinite(visit.joinedAtMs)) return [];
  const first = Math.floor((visit.joinedAtMs + thresholdS * 1_000) / periodMs);
  const last = Math.floor((visit.joinedAtMs + visit.waitS * 1_000) / periodMs);
  const count = Math.min(last - first + 1, mostPeriods);
  return Array.from({ length: count }, (_, i) => `${first + i} ${cellKeys.queue(visit.queue)}`);
}

/** Seconds per measured cell to exactly 100 units over the released cells; what is over goes to the largest remainders. */
function normalisedHeat(heat: ReadonlyMap<number, number>, { plan, heatCellM }: BoundSettings): BoundedContribution {
  const measured = measuredGrid(plan);
  const released = releasedGrid(plan, heatCellM);
  const merge = released.cellM / measured.cellM;
  const seconds = new Map<string, number>();
  let total = 0;
  for (const [index, s] of heat) {
    if (!(s > 0) || !Number.isFinite(s) || index < 0 || index >= measured.columns * measured.rows) continue;
    const column = Math.floor((index % measured.columns) / merge);
    const row = Math.floor(Math.floor(index / measured.columns) / merge);
    const key = cellKeys.heat(column, row);
    seconds.set(key, (seconds.get(key) ?? 0) + s);
    total += s;
  }
  const mass = metricBounds.heat.sensitivity;
  const parts = [...seconds].map(([key, s]) => ({ key, exact: (mass * s) / total }));
  let left = mass - parts.reduce((sum, { exact }) => sum + Math.floor(exact), 0);
  const byRemainder = [...parts].sort((a, b) => (b.exact % 1) - (a.exact % 1) || (a.key < b.key ? -1 : 1));
  const units = new Map<string, number>();
  for (const { key, exact } of byRemainder) {
    const whole = Math.floor(exact) + (left > 0 ? 1 : 0);
    if (left > 0) left -= 1;
    if (whole > 0) units.set(key, whole);
  }
  return { units, offered: heat.size === 0 ? 0 : 1, dropped: 0 };
}

function counted(cells: readonly string[], offered: number): BoundedContribution {
  const units = new Map<string, number>();
  for (const cell of cells) units.set(cell, (units.get(cell) ?? 0) + 1);
  return { units, offered, dropped: offered - cells.length };
}

function keyedOrder(key: Uint8Array, owner: string): (a: string, b: string) => number {
  const rank = new Map<string, string>();
  const of = (item: string): string => {
    const known = rank.get(item) ?? createHmac('sha256', key).update(`${owner}/${item}`).digest('hex');
    rank.set(item, known);
    return known;
  };
  return (a, b) => (of(a) < of(b) ? -1 : of(a) > of(b) ? 1 : 0);
}

function distinct(items: readonly string[]): readonly string[] {
  return [...new Set(items)];
}
