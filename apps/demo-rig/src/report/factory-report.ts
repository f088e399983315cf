import type { PartRecord, StationView } from '@edge-blueprints/contracts';
import { wilsonInterval } from '@edge-blueprints/pipeline';
import {
  averagePrecision,
  bestF,
  countAtThresholds,
  matchDetections,
  meanAveragePrecision,
  type JudgedPicture,
} from '@edge-blueprints/vision';
import type { Judged, LinePart } from '../run-ledger.js';

export interface FactoryReportInput {
  readonly judged: Judged;
  readonly view: StationView;
  readonly mes: unknown;
  readonly records: ReadonlyMap<string, PartRecord>;
  readonly parts: ReadonlyMap<string, LinePart>;
}

/** What the factory showed. Shares carry 95 % Wilson intervals, quantiles their sample count. */
export function factoryReport(input: FactoryReportInput) {
  const { view, judged } = input;
  return {
    model: view.engine,
    parts: judged,
    captureToCoilMs: judged.captureToCoil,
    overheadMs: overhead(input.records, judged),
    stages: view.latencies,
    drops: view.drops,
    camera: view.camera,
    plc: view.plc,
    golden: view.golden,
    station: {
      inspected: view.inspected,
      passed: view.passed,
      rejected: view.rejected,
      abstained: view.abstained,
      lineState: view.lineState,
    },
    mes: { station: view.mes, receiver: input.mes },
    detection: detectionFigures(input.parts, input.records),
  };
}

/** Where the run's time went besides the model, from the station's records: capture to act, less the model's own run. */
function overhead(records: ReadonlyMap<string, PartRecord>, judged: Judged) {
  const values = [...records.values()]
    .map(({ timings }) => timings.captureToActMs - timings.runMs)
    .sort((a, b) => a - b);
  const at = (q: number, needed: number): number | null =>
    values.length < needed ? null : (values[Math.ceil(q * values.length) - 1] ?? null);
  return {
    count: values.length,
    p50Ms: at(0.5, 1),
    p95Ms: at(0.95, 59),
    p99Ms: at(0.99, 662),
    coilCount: judged.captureToCoil.count,
  };
}

/** DeepPCB protocol (IoU > 0.33, same class) over the parts whose truth is known. Null when no record matches. */
export function detectionFigures(parts: ReadonlyMap<string, LinePart>, records: ReadonlyMap<string, PartRecord>) {
  const labels = labelsOf(records);
  const pictures: JudgedPicture[] = [];
  const counted: JudgedPicture[] = [];
  for (const [partId, part] of parts) {
    const record = records.get(partId);
    if (!record || part.truth === null || partId.startsWith('G-')) continue;
    const truth = part.truth.map(({ label, box }) => ({ label, classIndex: labels.indexOf(label), box }));
    pictures.push({ truth, detections: record.detections });
    counted.push({ truth, detections: record.detections.filter((detection) => detection.counted) });
  }
  if (pictures.length === 0) return null;
  const classes = matchDetections(pictures, labels);
  const atThresholds = countAtThresholds(matchDetections(counted, labels), () => 0);
  return {
    pictures: pictures.length,
    truths: classes.reduce((sum, { truths }) => sum + truths, 0),
    map: meanAveragePrecision(classes),
    perClass: classes.map((found) => ({ label: found.label, truths: found.truths, ap: averagePrecision(found) })),
    bestF: bestF(classes),
    atThresholds: {
      ...atThresholds,
      recallInterval: wilsonInterval(
        atThresholds.truePositives,
        atThresholds.truePositives + atThresholds.falseNegatives,
      ),
      precisionInterval: wilsonInterval(
        atThresholds.truePositives,
        atThresholds.truePositives + atThresholds.falsePositives,
      ),
    },
  };
}

function labelsOf(records: ReadonlyMap<string, PartRecord>): readonly string[] {
  const labels: string[] = [];
  for (const { detections } of records.values())
    for (const { label, classIndex } of detections) labels[classIndex] = label;
  return Array.from(labels, (label, i) => label ?? `class-${i}`);
}

export type FactoryReport = ReturnType<typeof factoryReport>;
