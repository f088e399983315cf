import type { DriftView, LatencyView, PartRecord, PChartPoint, StationView } from '@edge-blueprints/contracts';
import { labels } from './board-picture.js';
import { inventedDrift } from './invented-drift.js';
import { summaryOf } from './invented-line.js';
import type { InventedLine } from './invented-line.js';
import { inventedUplink } from './invented-uplink.js';

export const scenarios = [
  'calm',
  'burst',
  'plc-gone',
  'golden-due',
  'camera-gone',
  'degraded',
  'mes-failing',
  'silent',
  'drifting',
  'drift-warming',
  'hub-cut',
  'hub-full',
  'no-hub',
] as const;
export type Scenario = (typeof scenarios)[number];

const deadlineMs = 120;
const subgroup = 25;

const goldenBoards = [
  'board 1 good',
  'board 2 good',
  'open on board 1',
  'short on board 2',
  'mousebite on board 3',
  'pin-hole on board 4',
];

export function inventedView(
  line: InventedLine,
  scenario: Scenario,
  golden: StationView['golden'] | null,
): StationView {
  const records = [...line.records.values()];
  const recent = records.slice(-200).reverse();
  const rejected = records.filter((record) => record.verdict !== 'pass');
  const inspected = records.length;
  const share = inspected === 0 ? 0 : rejected.length / inspected;
  const held = scenario === 'golden-due';
  const gone = scenario === 'plc-gone';
  const pareto = labels.map((label) => ({
    label,
    count: records.filter((record) => record.detections.some((each) => each.counted && each.label === label)).length,
  }));
  return {
    station: 'Line 4, AOI 1',
    version: '0.1.0',
    at: new Date().toISOString(),
    simulated: true,
    lineState: gone || scenario === 'camera-gone' ? 'Aborted' : held ? 'Held' : 'Execute',
    lineStateReason: gone
      ? 'PLC link is down'
      : scenario === 'camera-gone'
        ? 'Camera link is down'
        : held
          ? 'Golden check is due: threshold of open changed'
          : 'Parts are judged as they come',
    inspected,
    passed: inspected - rejected.length,
    rejected: rejected.length,
    abstained: records.filter((record) => record.verdict === 'error').length,
    rejectShare: { count: rejected.length, of: inspected, share, ...wilson(rejected.length, inspected) },
    latencies: latencies(records),
    captureToActBudgetMs: deadlineMs - Math.max(0, ...recent.map((record) => record.timings.captureToActMs)),
    pareto: pareto.sort((a, b) => b.count - a.count),
    pChart: pChart(records),
    recent: recent.map(summaryOf),
    lastRejects: rejected.slice(-24).reverse().map(summaryOf),
    plc: {
      role: 'server',
      state:
        gone || held
          ? 'offline'
          : ((['ready', 'acquiring', 'inspecting', 'result-pending'] as const)[inspected % 4] ?? 'ready'),
      connected: !gone,
      peerHeartbeatAlive: !gone,
      mapAccepted: true,
      controlBits: gone ? [] : ['TRIGGER_ENABLE', 'BUFFER_ENABLE', 'GO_ONLINE'],
      statusBits: gone ? ['SIMULATED'] : held ? ['SIMULATED', 'GOLDEN_DUE'] : ['ONLINE', 'TRIGGER_READY', 'SIMULATED'],
      queueDepth: 0,
      inspected,
      rejected: rejected.length,
      missedTriggers: gone ? 3 : 0,
      overruns: 0,
      faults: gone ? { 'plc.peer-gone': 1, 'plc.heartbeat-lost': 1 } : {},
    },
    camera: {
      id: 'frame socket 127.0.0.1:5501',
      connected: scenario !== 'camera-gone',
      captured: inspected + 2,
      superseded: 0,
      corrupt: 0,
      lastFrameAt: recent[0]?.capturedAt ?? null,
    },
    engine: {
      state: scenario === 'degraded' ? 'degraded' : 'ready',
      provider: 'cpu',
      variant: scenario === 'degraded' ? 'fp32-640' : 'int8-640',
      modelDigest: recent[0]?.model.digest ?? '',
      degradationLevel: scenario === 'degraded' ? 1 : 0,
      degradationReason: scenario === 'degraded' ? 'fp32-640 on cpu: int8-640 failed its golden vectors' : '',
      bundle: 'pcb-defects',
      bundleVersion: '1.0.0',
      bundleUse: 'research',
    },
    golden: golden ?? {
      state: held ? 'due' : 'passed',
      at: new Date(Date.now() - 5_400_000).toISOString(),
      detail: held ? 'threshold of open changed' : `${goldenBoards.length} of ${goldenBoards.length} as expected`,
      results: goldenBoards.map((name) => ({
        name,
        expected: name.endsWith('good') ? 'pass' : 'reject',
        got: name.endsWith('good') ? 'pass' : 'reject',
        ok: true,
      })),
    },
    mes:
      scenario === 'mes-failing'
        ? {
            url: 'http://127.0.0.1:5600/cfx',
            state: 'failing',
            delivered: 1_204,
            pending: 318,
            dropped: 0,
            lastError: 'HTTP 500 from the receiver',
          }
        : {
            url: 'http://127.0.0.1:5600/cfx',
            state: 'delivering',
            delivered: Math.max(0, inspected - 1),
            pending: 1,
            dropped: 0,
            lastError: null,
          },
    uplink:
      scenario === 'no-hub'
        ? null
        : inventedUplink(scenario === 'hub-cut' ? 'cut' : scenario === 'hub-full' ? 'full' : 'connected', inspected),
    drift: withoutDistributions(driftOf(line, scenario)),
    thresholds: labels.map((label, classIndex) => {
      const threshold = line.thresholds[classIndex] ?? 0.5;
      return {
        label,
        classIndex,
        threshold,
        bundleThreshold: 0.5,
        provenance: threshold === 0.5 ? 'bundle pcb-defects 1.0.0' : 'operator, today',
      };
    }),
    drops:
      scenario === 'degraded'
        ? { 'frame.superseded': 4, 'frame.corrupt': 0, 'record.not-stored': 2, 'store.evictedBlobs': 12 }
        : { 'frame.superseded': 0, 'frame.corrupt': 0, 'record.not-stored': 0, 'store.evictedBlobs': 12 },
  };
}

/** Null where there is no reference, as on a station without a hub here. */
export function driftOf(line: InventedLine, scenario: Scenario): DriftView | null {
  if (scenario === 'no-hub') return null;
  const state = scenario === 'drifting' ? 'drifting' : scenario === 'drift-warming' ? 'warming-up' : 'stable';
  return inventedDrift(state, [...line.records.keys()].slice(-90).slice(0, 6), line.records.size);
}

function withoutDistributions(drift: DriftView | null): DriftView | null {
  return drift && { ...drift, features: drift.features.map((feature) => ({ ...feature, distribution: null })) };
}

export function wilson(successes: number, trials: number): { low: number; high: number } {
  if (trials === 0) return { low: 0, high: 1 };
  const z = 1.96;
  const p = successes / trials;
  const centre = p + (z * z) / (2 * trials);
  const spread = z * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials));
  const scale = 1 + (z * z) / trials;
  return { low: Math.max(0, (centre - spread) / scale), high: Math.min(1, (centre + spread) / scale) };
}

const stages = {
  transport: 'transportMs',
  preprocess: 'preprocessMs',
  infer: 'inferMs',
  'model run': 'runMs',
  postprocess: 'postprocessMs',
  decide: 'decideMs',
  act: 'actMs',
  'capture to act': 'captureToActMs',
} as const;

function latencies(records: readonly PartRecord[]): LatencyView[] {
  return Object.entries(stages).map(([stage, field]) => {
    const values = records.map((record) => record.timings[field]).sort((a, b) => a - b);
    const at = (q: number, least: number): number | null =>
      values.length < least ? null : (values[Math.min(values.length - 1, Math.floor(q * values.length))] ?? null);
    return {
      stage,
      count: values.length,
      p50Ms: at(0.5, 1),
      p95Ms: at(0.95, 59),
      p99Ms: at(0.99, 662),
      maxMs: values[values.length - 1] ?? null,
    };
  });
}

function pChart(records: readonly PartRecord[]): PChartPoint[] {
  const groups: PartRecord[][] = [];
  for (let start = 0; start < records.length; start += subgroup) groups.push(records.slice(start, start + subgroup));
  const centre =
    records.length === 0 ? 0 : records.filter((record) => record.verdict !== 'pass').length / records.length;
  return groups.slice(-40).map((group) => {
    const rejected = group.filter((record) => record.verdict !== 'pass').length;
    const sigma = Math.sqrt((centre * (1 - centre)) / group.length);
    const share = rejected / group.length;
    return {
      at: group[group.length - 1]?.capturedAt ?? '',
      rejected,
      inspected: group.length,
      share,
      centre,
      low: Math.max(0, centre - 3 * sigma),
      high: Math.min(1, centre + 3 * sigma),
      signals: share > centre + 3 * sigma ? ['beyond-3-sigma'] : [],
    };
  });
}
