import type {
  Clock,
  DriftAlarm,
  DriftReport,
  DriftView,
  Frame,
  Logger,
  PartRecord,
  Random,
} from '@edge-blueprints/contracts';
import { errorMessage } from '@edge-blueprints/contracts';
import { createDriftMonitor } from '@edge-blueprints/drift';
import type { BundleDrift } from '@edge-blueprints/inference';
import type { Metrics } from '@edge-blueprints/telemetry';
import type { Picture } from '@edge-blueprints/vision';
import type { InspectedPart } from '../judgement.js';
import type { DriftConfig } from './drift-config.js';
import { partFeatures } from './part-features.js';

export interface DriftWatch {
  /** Returns at once; the part is looked at when the event loop is free. Never throws. */
  sawPart(record: PartRecord, part: InspectedPart): void;
  view(): DriftView;
  /** Parts that were not looked at, because the watch was behind. */
  skipped(): number;
  /** Looks at what waits, then ends. */
  close(): Promise<void>;
}

/** Parts that wait to be looked at; each holds its picture. */
const mostWaiting = 16;

/** Watches pictures and answers against the bundle's reference, after the act and never in its way. */
export function createDriftWatch(options: {
  readonly config: DriftConfig;
  readonly reference: BundleDrift;
  readonly bundle: { readonly name: string; readonly version: string };
  /** Name of the output with the map of responses. */
  readonly responseOutput: string | undefined;
  readonly templateOf: ((frame: Frame) => Picture | Promise<Picture>) | undefined;
  readonly emitReport: (report: DriftReport) => void;
  readonly emitAlarm: (alarm: DriftAlarm) => void;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Does it when nothing more urgent is to be done. */
  readonly later?: (work: () => void) => void;
}): DriftWatch {
  const { config, reference, metrics, log } = options;
  const later = options.later ?? ((work) => void setImmediate(work));
  const monitor = createDriftMonitor({
    ...config,
    bundle: options.bundle.name,
    bundleVersion: options.bundle.version,
    features: reference.features,
    ...(reference.embedding === null ? {} : { embedding: reference.embedding }),
    random: options.random,
  });
  const raised = new Map<string, DriftAlarm>();
  const waiting = new Set<Promise<void>>();
  let skipped = 0;

  const evaluate = (): void => {
    const outcome = monitor.evaluate();
    if (outcome === undefined) return;
    options.emitReport(outcome.report);
    for (const { feature, effect, effectThreshold } of outcome.report.features)
      metrics.set('edge.drift.effect', effectThreshold > 0 ? effect / effectThreshold : effect, { feature });
    for (const alarm of outcome.alarms) {
      if (alarm.state === 'raised') raised.set(alarm.alarm, alarm);
      else raised.delete(alarm.alarm);
      log.warn(`drift.${alarm.state}`, { feature: alarm.feature, explanation: alarm.explanation });
      options.emitAlarm(alarm);
    }
    metrics.set('edge.drift.alarms', raised.size);
  };
  const look = async (record: PartRecord, frame: Frame, part: InspectedPart): Promise<void> => {
    const template = options.templateOf === undefined ? undefined : await options.templateOf(frame);
    const { picture, scalars, embedding } = partFeatures(frame, template, record.detections, {
      outputs: part.judgement.outputs,
      output: options.responseOutput,
    });
    metrics.record('edge.input.brightness', picture.brightness);
    metrics.record('edge.input.contrast', picture.contrast);
    metrics.record('edge.input.sharpness', picture.sharpness);
    const due = monitor.record({
      resultId: record.resultId,
      atMs: frame.epochMs,
      features: scalars,
      ...(embedding === undefined ? {} : { embedding }),
    });
    if (due) evaluate();
  };

  return {
    sawPart: (record, part) => {
      const { frame } = part;
      if (frame === undefined || part.act.trigger === undefined) return;
      if (waiting.size >= mostWaiting) {
        skipped += 1;
        return;
      }
      const work = new Promise<void>((resolve) => later(resolve))
        .then(() => look(record, frame, part))
        .catch((error: unknown) => {
          skipped += 1;
          log.warn('drift.part-failed', { resultId: record.resultId, message: errorMessage(error) });
        });
      waiting.add(work);
      void work.finally(() => waiting.delete(work));
    },
    view: () => {
      const features = monitor.features();
      const states = features.map(({ state }) => state);
      return {
        state: states.includes('drifting') ? 'drifting' : states.includes('stable') ? 'stable' : 'warming-up',
        source: reference.source,
        windowParts: config.windowParts,
        falseAlarmsPerMonth: config.falseAlarmsPerMonth,
        parts: monitor.counters.parts,
        features,
        alarms: [...raised.values()],
      };
    },
    skipped: () => skipped,
    close: async () => void (await Promise.all(waiting)),
  };
}
