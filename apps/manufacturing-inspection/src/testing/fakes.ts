import type {
  Decision,
  Defect,
  Frame,
  PartTrigger,
  PartVerdict,
  StationView,
  VerdictOutcome,
} from '@edge-blueprints/contracts';
import type { Judgement } from '../judgement.js';

export function aTrigger(values: Partial<PartTrigger> = {}): PartTrigger {
  return { partSeq: 1, encoder: 1000, partId: 'P1', recipeId: 1, triggeredAtMs: 0, ...values };
}

export function aFrame(values: Partial<Frame> = {}): Frame {
  const pixels = Uint8Array.from({ length: 64 * 64 }, (_, i) => (i * 37) % 256);
  return {
    source: 'camera',
    sequence: 0,
    capturedAtMs: 0,
    receivedAtMs: 1,
    epochMs: 1_700_000_000_000,
    width: 64,
    height: 64,
    format: 'gray8',
    pixels,
    trigger: { triggerCount: 0, encoder: 1000, productId: 'board', partId: 'P1' },
    ...values,
  };
}

export function aDefect(label = 'open', classIndex = 0): Defect {
  return {
    label,
    classIndex,
    score: 0.9,
    box: { xMin: 8, yMin: 8, xMax: 24, yMax: 24 },
    threshold: 0.5,
    provenance: 'bundle',
  };
}

export const restingModel = {
  bundle: 'pcb',
  version: '1.0.0',
  variant: 'int8',
  digest: 'd'.repeat(64),
  provider: 'cpu',
  degradationLevel: 0,
};

export function aJudgement(decision: Decision = { kind: 'pass' }): Judgement {
  return {
    decision,
    detections:
      decision.kind === 'reject'
        ? decision.defects.map((defect) => ({ ...defect, box: { ...defect.box }, counted: true }))
        : [],
    model: restingModel,
    thresholdsDigest: 't'.repeat(64),
    timings: { preprocessMs: 0.1, inferMs: 5, runMs: 4.5, postprocessMs: 0.2, decideMs: 0.05 },
    outputs: undefined,
  };
}

/** The PLC's side of the verdicts: remembers what it was told. */
export function aPlc(
  answer: (verdict: PartVerdict) => VerdictOutcome | Promise<VerdictOutcome> = () => ({ kind: 'published', atMs: 0 }),
) {
  const verdicts: PartVerdict[] = [];
  return {
    verdicts,
    publish: async (verdict: PartVerdict): Promise<VerdictOutcome> => {
      verdicts.push(verdict);
      return answer(verdict);
    },
  };
}

export function aView(): StationView {
  return {
    station: 'aoi-1',
    version: '0.0.0',
    at: '2026-01-01T00:00:00.000Z',
    simulated: true,
    lineState: 'Idle',
    lineStateReason: '',
    inspected: 0,
    passed: 0,
    rejected: 0,
    abstained: 0,
    rejectShare: { count: 0, of: 0, share: 0, low: 0, high: 1 },
    latencies: [],
    captureToActBudgetMs: 0,
    pareto: [],
    pChart: [],
    recent: [],
    lastRejects: [],
    plc: {
      role: 'server',
      state: 'ready',
      connected: true,
      peerHeartbeatAlive: true,
      mapAccepted: true,
      controlBits: [],
      statusBits: [],
      queueDepth: 0,
      inspected: 0,
      rejected: 0,
      missedTriggers: 0,
      overruns: 0,
      faults: {},
    },
    camera: { id: 'camera', connected: true, captured: 0, superseded: 0, corrupt: 0, lastFrameAt: null },
    engine: {
      state: 'ready',
      provider: 'cpu',
      variant: 'int8',
      modelDigest: '',
      degradationLevel: 0,
      degradationReason: '',
      bundle: '',
      bundleVersion: '',
      bundleUse: 'unrestricted',
    },
    golden: { state: 'passed', at: null, detail: '', results: [] },
    mes: { url: null, state: 'off', delivered: 0, pending: 0, dropped: 0, lastError: null },
    uplink: null,
    drift: null,
    thresholds: [],
    drops: {},
  };
}
