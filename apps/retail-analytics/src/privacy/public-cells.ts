import type { ReleaseMetric, StorePlan } from '@edge-blueprints/contracts';

/** Side of a cell of the grid that tracks are measured on, metres. */
export const measuredCellM = 0.5;

/** Borders of the released dwell histogram, seconds. A visit of more than the last is told as one of just below it. */
export const dwellBordersS = [0, 15, 30, 60, 120, 240, 480, 900] as const;

export interface Grid {
  readonly columns: number;
  readonly rows: number;
  readonly cellM: number;
}

const mostCells = 4_096;

/** The grid that contributions are indexed on: row x columns + column, from the origin of the plan. */
export function measuredGrid(plan: StorePlan): Grid {
  return {
    columns: Math.ceil(plan.widthM / measuredCellM),
    rows: Math.ceil(plan.depthM / measuredCellM),
    cellM: measuredCellM,
  };
}

/** The released grid: the wished cell size, doubled until a release can hold the floor. */
export function releasedGrid(plan: StorePlan, wishedCellM: number): Grid {
  let cellM = wishedCellM;
  while (Math.ceil(plan.widthM / cellM) * Math.ceil(plan.depthM / cellM) > mostCells) cellM *= 2;
  return { columns: Math.ceil(plan.widthM / cellM), rows: Math.ceil(plan.depthM / cellM), cellM };
}

export const cellKeys = {
  crossing: (line: string, direction: 'in' | 'out') => `${line}/${direction}`,
  visit: (zone: string) => `zone/${zone}`,
  dwell: (zone: string, bin: number, censored: boolean) =>
    `zone/${zone}/${dwellBordersS[bin] ?? 0}-${dwellBordersS[bin + 1] ?? 0}${censored ? '/censored' : ''}`,
  heat: (column: number, row: number) => `cell/${column}/${row}`,
  queue: (queue: string) => `queue/${queue}/over`,
  transition: (from: string, to: string) => `from/${from}/to/${to}`,
};

/** Which bin of the dwell histogram a visit falls into. */
export function dwellBin(dwellS: number): number {
  const last = dwellBordersS.length - 2;
  const above = dwellBordersS.findIndex((border, i) => i > 0 && dwellS < border);
  return above === -1 ? last : above - 1;
}

/**
 * Every number that a release of this metric has, in a fixed order. It depends on the plan and the settings alone: which
 * cells exist tells nothing about who was there, so that no partition needs to be selected.
 */
export function publicCells(metric: ReleaseMetric, plan: StorePlan, heatCellM: number): readonly string[] {
  const zones = plan.zones.map(({ id }) => id);
  switch (metric) {
    case 'counts':
      return plan.lines.flatMap(({ id }) => [cellKeys.crossing(id, 'in'), cellKeys.crossing(id, 'out')]);
    case 'visits':
      return zones.map(cellKeys.visit);
    case 'dwell':
      return zones.flatMap((zone) =>
        [false, true].flatMap((censored) =>
          dwellBordersS.slice(1).map((_, bin) => cellKeys.dwell(zone, bin, censored)),
        ),
      );
    case 'heat': {
      const { columns, rows } = releasedGrid(plan, heatCellM);
      return Array.from({ length: rows * columns }, (_, i) => cellKeys.heat(i % columns, Math.floor(i / columns)));
    }
    case 'queue':
      return plan.queues.map(({ id }) => cellKeys.queue(id));
    case 'transitions':
      return zones.flatMap((from) => zones.filter((to) => to !== from).map((to) => cellKeys.transition(from, to)));
    default:
      return metric satisfies never;
  }
}
