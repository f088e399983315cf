import type { SpO2Scale } from '@edge-blueprints/contracts';
import type { TrueVitals } from '../patient/true-vitals.js';

/** Points of a value: of the first row whose upper bound it does not exceed. */
type Rows = readonly (readonly [upTo: number, points: number])[];

const respiration: Rows = [[8, 3], [11, 1], [20, 0], [24, 2], [Infinity, 3]]; // prettier-ignore
const spo2Scale1: Rows = [[91, 3], [93, 2], [95, 1], [Infinity, 0]]; // prettier-ignore
const spo2Scale2Air: Rows = [[83, 3], [85, 2], [87, 1], [Infinity, 0]]; // prettier-ignore
const spo2Scale2Oxygen: Rows = [[83, 3], [85, 2], [87, 1], [92, 0], [94, 1], [96, 2], [Infinity, 3]]; // prettier-ignore
const systolic: Rows = [[90, 3], [100, 2], [110, 1], [219, 0], [Infinity, 3]]; // prettier-ignore
const pulse: Rows = [[40, 3], [50, 1], [90, 0], [110, 1], [130, 2], [Infinity, 3]]; // prettier-ignore
const temperature: Rows = [[35, 3], [36, 1], [38, 0], [39, 1], [Infinity, 2]]; // prettier-ignore

function points(rows: Rows, value: number): number {
  for (const row of rows) if (value <= row[0]) return row[1];
  return 0;
}

/**
 * NEWS2 of the true values: the truth's own encoding of the chart, which shares nothing with an application's.
 * Source: Royal College of Physicians, National Early Warning Score (NEWS) 2, 2017, chart 1.
 */
export function trueNews2(vitals: TrueVitals, scale: SpO2Scale): number {
  return trueSubScores(vitals, scale).reduce((sum, one) => sum + one, 0);
}

/** Points of the single parameters; three of one of them is a red score. */
export function trueSubScores(vitals: TrueVitals, scale: SpO2Scale): readonly number[] {
  const saturation = scale === 1 ? spo2Scale1 : vitals.oxygen === 'oxygen' ? spo2Scale2Oxygen : spo2Scale2Air;
  return [
    points(respiration, Math.round(vitals.respiration)),
    points(saturation, Math.round(vitals.spo2)),
    vitals.oxygen === 'oxygen' ? 2 : 0,
    points(systolic, Math.round(vitals.systolic)),
    points(pulse, Math.round(vitals.pulse)),
    vitals.consciousness === 'A' ? 0 : 3,
    points(temperature, Math.round(vitals.temperature * 10) / 10),
  ];
}
