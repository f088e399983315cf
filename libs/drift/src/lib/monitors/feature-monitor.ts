import { UsageError, type DriftFeature, type DriftReference, type Random } from '@edge-blueprints/contracts';
import { transportDistances } from '../distance/wasserstein.js';
import { normalQuantile } from '../distributions/normal.js';
import { createAlarmState } from './alarm-state.js';
import { changePoint } from './change-point.js';
import { explainAlarm, figure, type AlarmMoment } from './explain-alarm.js';
import { prepareReference, type PreparedReference } from './prepared-reference.js';
import { createSampleHistory, type SampleHistory } from './sample-history.js';
import { tiedKolmogorovSmirnov } from './tied-kolmogorov-smirnov.js';
import type { WindowMonitor, WindowMonitorOptions } from './window-monitor.js';

export interface FeatureMonitorOptions extends WindowMonitorOptions {
  readonly feature: string;
  readonly unit: string;
  /** Decides the steps of discrete p-values. */
  readonly random: Random;
}

export interface FeatureMonitor extends WindowMonitor {
  /** Allocates nothing. A value that is not finite is left out and counted. */
  record(value: number, atMs: number, resultId: string): void;
  readonly notFinite: number;
}

const exampleCount = 6;

/**
 * Watches one number per part in windows that do not overlap: exact two-sample Kolmogorov-Smirnov p-value against the frozen reference,
 * of which the finite size is part of the test, and the Wasserstein distance in standard deviations of the reference as effect.
 * Correlated references thin the stream. The level holds on average over references; one unlucky reference has more.
 * @throws UsageError `drift.monitor`
 */
export function createFeatureMonitor(reference: DriftReference, options: FeatureMonitorOptions): FeatureMonitor {
  checkOptions(options);
  const prepared = prepareReference(reference);
  const history = createSampleHistory(options.windowSamples, prepared.stride);
  const state = createAlarmState();
  let latest = warmingUp(reference, options);
  let notFinite = 0;
  return {
    feature: options.feature,
    record(value, atMs, resultId) {
      if (Number.isFinite(value)) history.add(value, atMs, resultId);
      else notFinite += 1;
    },
    get notFinite() {
      return notFinite;
    },
    get due() {
      return history.due;
    },
    get latest() {
      return latest.state === 'warming-up' ? { ...latest, samples: history.filled } : latest;
    },
    get windowsMissed() {
      return history.windowsMissed;
    },
    evaluate() {
      const window = history.takeWindow();
      if (window === undefined) return undefined;
      const test = testWindow(prepared, window, options.random.next());
      const fires = test.pValue < options.alpha && test.effect >= options.minimumEffect;
      const change = state.window(fires);
      latest = {
        ...latest,
        ...test,
        samples: window.length,
        state: state.raised ? 'drifting' : 'stable',
        distribution: distribution(reference, window),
      };
      const first = history.length - window.length;
      return {
        feature: latest,
        fromMs: history.timeAt(first),
        toMs: history.timeAt(history.length - 1),
        alarm:
          change === undefined
            ? null
            : explainAlarm(latest, change, moment(change, history, prepared, latest, window.length)),
      };
    },
  };
}

function checkOptions({ feature, windowSamples, alpha, minimumEffect }: FeatureMonitorOptions): void {
  if (!(Number.isInteger(windowSamples) && windowSamples >= 10 && alpha > 0 && alpha < 1 && minimumEffect >= 0))
    throw new UsageError(
      'drift.monitor',
      `Monitor of ${feature}: a window of at least 10 samples, 0 < alpha < 1 and a least effect of 0 or more were expected, ` +
        `got ${windowSamples}, ${alpha}, ${minimumEffect}.`,
    );
}

function warmingUp(reference: DriftReference, options: FeatureMonitorOptions): DriftFeature {
  return {
    feature: options.feature,
    unit: options.unit,
    samples: 0,
    test: 'kolmogorov-smirnov exact',
    statistic: 0,
    pValue: 1,
    effectName: 'Wasserstein distance / reference std',
    effect: 0,
    effectThreshold: options.minimumEffect,
    referenceMean: reference.mean,
    currentMean: reference.mean,
    state: 'warming-up',
    distribution: null,
  };
}

export interface WindowTest {
  readonly statistic: number;
  readonly pValue: number;
  readonly effect: number;
  readonly currentMean: number;
}

/** @param window in any order, kept as it is @param lottery uniform in [0, 1) */
export function testWindow(reference: PreparedReference, window: Float64Array, lottery: number): WindowTest {
  const sorted = window.slice().sort();
  const { statistic, pLarger, pEqual } = tiedKolmogorovSmirnov(reference.sorted, sorted);
  const { wasserstein } = transportDistances(reference.sorted, sorted, { firstSorted: true, secondSorted: true });
  let sum = 0;
  for (let i = 0; i < sorted.length; i++) sum += sorted[i] ?? 0;
  return {
    statistic,
    pValue: Math.min(1, pLarger + lottery * pEqual),
    effect: wasserstein / reference.scale,
    currentMean: sum / sorted.length,
  };
}

/** Shares of the reference's bins. */
function distribution(reference: DriftReference, window: Float64Array): NonNullable<DriftFeature['distribution']> {
  const { edges, counts } = reference;
  const current = new Array<number>(edges.length + 1).fill(0);
  for (const value of window) {
    let bin = 0;
    while (bin < edges.length && value > (edges[bin] ?? 0)) bin += 1;
    current[bin] = (current[bin] ?? 0) + 1 / window.length;
  }
  const total = counts.reduce((a, b) => a + b, 0);
  return { edges: [...edges], reference: counts.map((count) => count / total), current };
}

/** When it began within what is kept, and which parts show it most. */
function moment(
  change: 'raised' | 'cleared',
  history: SampleHistory,
  reference: PreparedReference,
  feature: DriftFeature,
  windowSamples: number,
): AlarmMoment {
  const movement = `mean ${figure(feature.currentMean)}, reference ${figure(feature.referenceMean)} (${feature.unit})`;
  const windowStart = history.length - windowSamples;
  if (change === 'cleared')
    return { sinceMs: history.timeAt(windowStart), sinceResultId: history.idAt(windowStart), examples: [], movement };
  const scores = Float64Array.from({ length: history.length }, (_, i) =>
    normalScore(reference.sorted, history.valueAt(i)),
  );
  const since = changePoint(scores);
  const up = feature.currentMean >= feature.referenceMean ? 1 : -1;
  const extreme = Array.from({ length: history.length - since }, (_, i) => since + i)
    .sort((a, b) => up * (history.valueAt(b) - history.valueAt(a)))
    .slice(0, exampleCount)
    .map((index) => history.idAt(index));
  return {
    sinceMs: history.timeAt(since),
    sinceResultId: history.idAt(since),
    examples: [...new Set(extreme)],
    movement,
  };
}

/** Standard normal for values of the reference: the quantile of the middle of its ranks. */
function normalScore(sorted: Float64Array, value: number): number {
  return normalQuantile((rank(sorted, value, false) + rank(sorted, value, true) + 1) / (2 * sorted.length + 2));
}

/** Values below, or up to and with, `value`. */
function rank(sorted: Float64Array, value: number, including: boolean): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const at = sorted[middle] ?? 0;
    if (at < value || (including && at === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}
