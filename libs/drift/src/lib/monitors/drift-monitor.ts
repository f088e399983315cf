import {
  UsageError,
  type DriftAlarm,
  type DriftFeature,
  type DriftReference,
  type DriftReport,
  type EmbeddingReference,
  type Random,
} from '@edge-blueprints/contracts';
import { createScoreWindow } from '../accuracy/score-window.js';
import type { ScoredVerdict } from '../accuracy/confidence-based.js';
import { createCategoryMonitor } from './category-monitor.js';
import { createEmbeddingMonitor } from './embedding-monitor.js';
import { createFeatureMonitor } from './feature-monitor.js';
import { prepareReference } from './prepared-reference.js';
import { windowAlpha } from './window-alpha.js';
import type { WindowMonitor } from './window-monitor.js';

/** Effects that matter unless told otherwise: a quarter of a standard deviation, 5 % of the parts, a kernel distance of 0.1. */
export const minimumEffects = { feature: 0.25, category: 0.05, embedding: 0.1 } as const;

export interface DriftMonitorOptions {
  readonly bundle: string;
  readonly bundleVersion: string;
  /** Numbers of a part, for example brightness or the best score. */
  readonly features: readonly {
    readonly feature: string;
    readonly unit: string;
    readonly reference: DriftReference;
    readonly minimumEffect?: number;
  }[];
  /** Kinds of a part, for example its verdict: counts of the reference by category. */
  readonly categories?: readonly {
    readonly feature: string;
    readonly reference: Readonly<Record<string, number>>;
    readonly minimumEffect?: number;
  }[];
  readonly embedding?: {
    readonly feature: string;
    readonly reference: EmbeddingReference;
    readonly minimumEffect?: number;
  };
  /** The one knob: expected false alarms a month of all features together. */
  readonly falseAlarmsPerMonth: number;
  readonly partsPerHour: number;
  /** Samples of a feature that are tested together. More see smaller changes later. */
  readonly windowParts: number;
  readonly random: Random;
}

export interface ObservedPart {
  readonly resultId: string;
  /** Wall clock. */
  readonly atMs: number;
  /** By feature; absent where a part has none. */
  readonly features: Readonly<Partial<Record<string, number>>>;
  readonly categories?: Readonly<Partial<Record<string, string>>>;
  readonly embedding?: Float32Array | Float64Array;
  /** With a calibrated score only: what the accuracy is estimated from. */
  readonly scored?: ScoredVerdict;
}

export interface DriftMonitor {
  /** Keeps the part's numbers; tens of nanoseconds a feature, an embedding a few microseconds. @returns true when `evaluate` has something to do */
  record(part: ObservedPart): boolean;
  readonly due: boolean;
  /** Tests what is complete; milliseconds, so call it off the path. Undefined when nothing is complete. */
  evaluate(): { readonly report: DriftReport; readonly alarms: readonly DriftAlarm[] } | undefined;
  /** The newest state of each feature. */
  features(): readonly DriftFeature[];
  /** Level of one window of one feature, for the page and for tests. */
  readonly alphas: Readonly<Record<string, number>>;
  readonly counters: { readonly parts: number; readonly windowsMissed: number; readonly notFinite: number };
}

/**
 * All features of a station under one promise of false alarms. Memory is fixed: four windows a feature.
 * @throws UsageError `drift.monitor`, `drift.run-length`
 */
export function createDriftMonitor(options: DriftMonitorOptions): DriftMonitor {
  const { falseAlarmsPerMonth, partsPerHour, windowParts, random } = options;
  const count = options.features.length + (options.categories?.length ?? 0) + (options.embedding === undefined ? 0 : 1);
  const alphas: Record<string, number> = {};
  const level = (feature: string, stride: number, minimumEffect: number) => {
    if (feature in alphas)
      throw new UsageError('drift.monitor', `Feature ${feature} is watched twice; name each once.`);
    const alpha = windowAlpha({
      falseAlarmsPerMonth,
      partsPerHour,
      features: count,
      samplesPerWindow: windowParts * stride,
    });
    alphas[feature] = alpha;
    return { feature, windowSamples: windowParts, alpha, minimumEffect };
  };
  const scalars = options.features.map(({ feature, unit, reference, minimumEffect = minimumEffects.feature }) =>
    createFeatureMonitor(reference, {
      ...level(feature, prepareReference(reference).stride, minimumEffect),
      unit,
      random: random.fork(feature),
    }),
  );
  const kinds = (options.categories ?? []).map(({ feature, reference, minimumEffect = minimumEffects.category }) =>
    createCategoryMonitor({ ...level(feature, 1, minimumEffect), reference, random: random.fork(feature) }),
  );
  const embedding =
    options.embedding === undefined
      ? undefined
      : createEmbeddingMonitor(
          options.embedding.reference,
          level(options.embedding.feature, 1, options.embedding.minimumEffect ?? minimumEffects.embedding),
        );
  const all: readonly WindowMonitor[] = [...scalars, ...kinds, ...(embedding === undefined ? [] : [embedding])];
  const scores = createScoreWindow(windowParts);
  let parts = 0;
  let reported = 0;
  const anyDue = (): boolean => {
    for (const monitor of all) if (monitor.due) return true;
    return false;
  };
  return {
    record(part) {
      parts += 1;
      for (const monitor of scalars) {
        const value = part.features[monitor.feature];
        if (value !== undefined) monitor.record(value, part.atMs, part.resultId);
      }
      for (const monitor of kinds) {
        const category = part.categories?.[monitor.feature];
        if (category !== undefined) monitor.record(category, part.atMs, part.resultId);
      }
      if (part.embedding !== undefined) embedding?.record(part.embedding, part.atMs, part.resultId);
      if (part.scored !== undefined) scores.add(part.scored);
      return anyDue();
    },
    get due() {
      return anyDue();
    },
    evaluate() {
      const results = all.flatMap((monitor) => monitor.evaluate() ?? []);
      if (results.length === 0) return undefined;
      const estimate = scores.estimate();
      const report: DriftReport = {
        bundle: options.bundle,
        bundleVersion: options.bundleVersion,
        windowFrom: new Date(Math.min(...results.map(({ fromMs }) => fromMs))).toISOString(),
        windowTo: new Date(Math.max(...results.map(({ toMs }) => toMs))).toISOString(),
        parts: parts - reported,
        falseAlarmsPerMonth,
        features: all.map(({ latest }) => latest),
        estimatedAccuracy:
          estimate === null
            ? null
            : { value: estimate.accuracy, low: estimate.low, high: estimate.high, samples: estimate.samples },
      };
      reported = parts;
      return { report, alarms: results.flatMap(({ alarm }) => alarm ?? []) };
    },
    features: () => all.map(({ latest }) => latest),
    alphas,
    get counters() {
      return {
        parts,
        windowsMissed: all.reduce((sum, { windowsMissed }) => sum + windowsMissed, 0),
        notFinite: scalars.reduce((sum, monitor) => sum + monitor.notFinite, embedding?.notFinite ?? 0),
      };
    },
  };
}
