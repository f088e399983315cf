import { createTruthBook, type TruthEvent } from '@edge-blueprints/rigs';
import { describe, expect, it } from 'vitest';
import { byTheChart } from '../ward/score-checks.js';
import { countInterval } from './count-interval.js';
import { wardReport, type WardAlarm, type WardReportInput } from './ward-report.js';
import { wardSummary } from './ward-summary.js';

const place = { bed: 'bed/07', device: 'w-0007' };
const crossing = { ...place, id: 'bed/07/c1', condition: 'spo2-low' as const, story: 'bed/07/1' };
const truths: readonly TruthEvent[] = [
  { ...place, kind: 'story-began', id: 'bed/07/1', atMs: 1_000, story: 'hypoxia', expects: ['spo2-low'] },
  { ...crossing, kind: 'crossing-began', atMs: 5_000, limit: 90, value: 89 },
  { ...crossing, kind: 'crossing-held', atMs: 20_000, delayMs: 15_000 },
];
const alarm: WardAlarm = {
  ...{ bed: 'bed/07', condition: 'spo2-low', type: 'SP', priority: 'PM', startMs: 22_000, waitedMs: 15_000 },
};
const input = (alarms: readonly WardAlarm[], toMs = 60_000): WardReportInput => {
  const truth = createTruthBook();
  for (const event of truths) truth.learn(event);
  return {
    ...{ patients: 12, fromMs: 0, toMs, truth, alarms, rig: undefined, fhirHeld: {}, cpuS: { ward: 6, fhir: null } },
    gateway: { begin: undefined, end: undefined },
    scores: { looks: 0, holdTruth: 0, complete: 0, equal: 0, withinTwo: 0, chartDisagrees: 0 },
    nurse: { rounds: 0, refusedRounds: 0, acts: 0 },
    audit: { entries: 9, exitCode: 12, verdicts: {}, unanchored: 0, boots: 1, declaredGaps: 0, anchors: 1 },
  };
};

describe('the report of the ward', () => {
  it('joins truth and alarms, and keeps technical ones out of the load', () => {
    const technical: WardAlarm = { ...alarm, condition: 'device-link-lost', type: 'ST' };
    const { sensitivity, load, alarms, times, cpu } = wardReport(input([alarm, technical]));
    expect(sensitivity.crossings).toMatchObject({ detected: 1, of: 1, missed: [] });
    expect(sensitivity.stories).toMatchObject({ detected: 1, of: 1 });
    expect(load).toMatchObject({ alarms: 1, patientDays: 12 / 1_440 });
    expect(load.perPatientDay).toBeCloseTo(120, 9);
    expect(alarms).toMatchObject({ high: 0, medium: 1, low: 0, technical: 1 });
    expect(times.trueOnsetToAlarm).toMatchObject({ count: 1, maxMs: 17_000, p99Ms: null });
    expect(cpu).toEqual({ ward: { seconds: 6, ofOneCore: 0.1 }, fhir: { seconds: null, ofOneCore: null } });
  });

  it('names what was missed, judges nothing that was too short before the end, and tells a verdict that failed', () => {
    expect(wardReport(input([])).sensitivity.crossings.missed).toEqual(['bed/07 spo2-low']);
    expect(wardReport(input([], 49_000)).sensitivity.crossings.of).toBe(0);
    expect(wardSummary(wardReport(input([])))).toMatch(/VERIFIER: exit code 12/);
  });
});

it('gives the published Poisson limits of a count', () => {
  // Exact 95 % limits of 10 events: 4.795 to 18.39; of none: 0 to 3.689.
  const [low, high] = countInterval(10);
  expect([low, high].map((limit) => Number(limit.toFixed(1)))).toEqual([4.8, 18.4]);
  expect(countInterval(0)[0]).toBe(0);
  expect(countInterval(0)[1]).toBeCloseTo(3.689, 1);
});

it('scores the words and rounded values again by the chart of the truth', () => {
  const values = { respiration: '21', oxygenSaturation: '93', systolic: '105', pulse: '112', temperature: '38.5' };
  const parameters = ['respiration', 'oxygenSaturation', 'systolic', 'pulse', 'temperature'] as const;
  const subScores = parameters.map((parameter) => ({ parameter, rounded: values[parameter] }));
  // RCP 2017, chart 1: 2 + 2 + 1 + 2 + 1, and 2 for oxygen.
  expect(byTheChart(subScores, { consciousness: 'A', oxygen: 'air' }, 1)).toBe(8);
  expect(byTheChart(subScores, { consciousness: 'A', oxygen: 'oxygen' }, 1)).toBe(10);
  expect(byTheChart(subScores.slice(1), { consciousness: 'A', oxygen: 'air' }, 1)).toBeUndefined();
  expect(byTheChart(subScores, { consciousness: null, oxygen: 'air' }, 1)).toBeUndefined();
});
