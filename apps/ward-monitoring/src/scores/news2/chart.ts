import type { Acvpu, SpO2Scale } from '@edge-blueprints/contracts';

/** Points of one cell of the chart. */
export type Points = 0 | 1 | 2 | 3;

/** Values up to and including `atMost`, in the units of the table. The last band of a table has no end. */
export interface ChartBand {
  readonly atMost: number;
  readonly points: Points;
}

/** Whole numbers are scored: `decimals` says how many decimals of the measured value they hold (36.1 is 361 with one). */
export interface ChartTable {
  readonly decimals: 0 | 1;
  readonly bands: readonly ChartBand[];
}

const open = Number.POSITIVE_INFINITY;

/**
 * Chart 1 of "National Early Warning Score (NEWS) 2", Royal College of Physicians, London 2017. Units: breaths per minute,
 * per cent, mmHg, beats per minute, degrees Celsius.
 */
export const news2Chart = {
  respiration: table(0, [8, 3], [11, 1], [20, 0], [24, 2], [open, 3]),
  systolic: table(0, [90, 3], [100, 2], [110, 1], [219, 0], [open, 3]),
  pulse: table(0, [40, 3], [50, 1], [90, 0], [110, 1], [130, 2], [open, 3]),
  temperature: table(1, [350, 3], [360, 1], [380, 0], [390, 1], [open, 2]),
} as const;

const scale1 = table(0, [91, 3], [93, 2], [95, 1], [open, 0]);
const scale2OnAir = table(0, [83, 3], [85, 2], [87, 1], [open, 0]);
const scale2OnOxygen = table(0, [83, 3], [85, 2], [87, 1], [92, 0], [94, 1], [96, 2], [open, 3]);

/** Only scale 2 depends on what is breathed, and only from 93 % upwards. */
export function saturationTable(scale: SpO2Scale, breathing: 'air' | 'oxygen'): ChartTable {
  if (scale === 1) return scale1;
  return breathing === 'air' ? scale2OnAir : scale2OnOxygen;
}

export const oxygenPoints: Readonly<Record<'air' | 'oxygen', Points>> = { air: 0, oxygen: 2 };

export const consciousnessPoints: Readonly<Record<Acvpu, Points>> = { A: 0, C: 3, V: 3, P: 3, U: 3 };

/** A parameter that is not known may have any of its table's points. */
export function pointsOfTable({ bands }: ChartTable): readonly Points[] {
  return [...new Set(bands.map(({ points }) => points))];
}

/** @param units whole number in the units of the table */
export function pointsAt({ bands }: ChartTable, units: number): Points {
  return bands.find(({ atMost }) => units <= atMost)?.points ?? 3;
}

function table(decimals: 0 | 1, ...bands: readonly (readonly [number, Points])[]): ChartTable {
  return { decimals, bands: bands.map(([atMost, points]) => ({ atMost, points })) };
}
