import type { LatencyView, PartRecord, PartSummary, StationView } from '@edge-blueprints/contracts';
import { createLatencyHistogram, wilsonInterval } from '@edge-blueprints/pipeline';
import { partSummary } from './part-summary.js';
import { pChart } from './p-chart.js';
import type { Subgroup } from './p-chart.js';

export type StatisticsView = Pick<
  StationView,
  | 'inspected'
  | 'passed'
  | 'rejected'
  | 'abstained'
  | 'rejectShare'
  | 'latencies'
  | 'captureToActBudgetMs'
  | 'pareto'
  | 'pChart'
  | 'recent'
  | 'lastRejects'
>;

export interface StationStatistics {
  /** @param abstained the part got its verdict from a fault, not from the model */
  count(record: PartRecord, abstained: boolean): void;
  markOverruled(resultId: string): void;
  view(): StatisticsView;
}

export interface StatisticsOptions {
  readonly labels: readonly string[];
  readonly partDeadlineMs: number;
  /** Parts per point of the p-chart. */
  readonly subgroupSize: number;
}

const stripLength = 200;
const rejectsKept = 24;
const pointsKept = 40;
const stages = {
  transport: 'transportMs',
  preprocess: 'preprocessMs',
  infer: 'inferMs',
  'model run': 'runMs',
  postprocess: 'postprocessMs',
  decide: 'decideMs',
  act: 'actMs',
  'capture to act': 'captureToActMs',
} as const satisfies Record<string, keyof PartRecord['timings']>;

/** Everything the page counts, of the tracked parts since the start. Bounded, whatever the number of parts. */
export function createStationStatistics(options: StatisticsOptions): StationStatistics {
  const histograms = Object.entries(stages).map(([stage, field]) => ({
    stage,
    field,
    histogram: createLatencyHistogram(),
  }));
  const counts = new Map(options.labels.map((label) => [label, 0]));
  const groups: Subgroup[] = [];
  let open = { at: '', rejected: 0, inspected: 0 };
  let recent: PartSummary[] = [];
  let lastRejects: PartSummary[] = [];
  let inspected = 0;
  let passed = 0;
  let abstainedParts = 0;

  const chart = (record: PartRecord): void => {
    open = {
      at: record.capturedAt,
      inspected: open.inspected + 1,
      rejected: open.rejected + (record.verdict === 'pass' ? 0 : 1),
    };
    if (open.inspected < options.subgroupSize) return;
    groups.push(open);
    if (groups.length > pointsKept) groups.shift();
    open = { at: '', rejected: 0, inspected: 0 };
  };

  return {
    count: (record, abstained) => {
      inspected += 1;
      if (record.verdict === 'pass') passed += 1;
      if (abstained) abstainedParts += 1;
      for (const { field, histogram } of histograms) {
        if (!abstained || field === 'captureToActMs') histogram.record(record.timings[field]);
      }
      const labels = new Set(record.detections.filter(({ counted }) => counted).map(({ label }) => label));
      for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
      chart(record);
      const summary = partSummary(record);
      recent = [summary, ...recent.slice(0, stripLength - 1)];
      if (record.verdict !== 'pass') lastRejects = [summary, ...lastRejects.slice(0, rejectsKept - 1)];
    },
    markOverruled: (resultId) => {
      const mark = (part: PartSummary): PartSummary =>
        part.resultId === resultId ? { ...part, overruled: true } : part;
      recent = recent.map(mark);
      lastRejects = lastRejects.map(mark);
    },
    view: () => ({
      inspected,
      passed,
      rejected: inspected - passed,
      abstained: abstainedParts,
      rejectShare: { count: inspected - passed, of: inspected, ...wilsonInterval(inspected - passed, inspected) },
      latencies: histograms.map(({ stage, histogram }): LatencyView => {
        const { count, p50Ms, p95Ms, p99Ms, maxMs } = histogram.snapshot();
        return { stage, count, p50Ms, p95Ms, p99Ms, maxMs };
      }),
      captureToActBudgetMs:
        options.partDeadlineMs - recent.reduce((slowest, part) => Math.max(slowest, part.captureToActMs), 0),
      pareto: [...counts].map(([label, count]) => ({ label, count })).sort((a, b) => b.count - a.count),
      pChart: pChart(open.inspected === 0 ? groups : [...groups, open]),
      recent,
      lastRejects,
    }),
  };
}
