import { UsageError, type DriftFeature, type EmbeddingReference } from '@edge-blueprints/contracts';
import { createFeatureSums, featureMmd } from '../distance/random-features.js';
import { createAlarmState } from './alarm-state.js';
import { explainAlarm, figure } from './explain-alarm.js';
import type { WindowMonitor, WindowMonitorOptions, WindowResult } from './window-monitor.js';

export interface EmbeddingMonitorOptions extends WindowMonitorOptions {
  readonly feature: string;
}

export interface EmbeddingMonitor extends WindowMonitor {
  /** One embedding. One with a value that is not finite is left out and counted. */
  record(row: Float32Array | Float64Array, atMs: number, resultId: string): void;
  readonly notFinite: number;
}

const exampleCount = 6;

/**
 * Watches embeddings: distance of the window's mean from the reference's in the space of random features (MMD). The p-value comes from
 * a chi-square of the same mean and variance, less exact far out in the tail than the tests of scalars; the effect gate stands beside it.
 * Since-when is the start of the window; examples are the parts least like the reference.
 * @throws UsageError `drift.monitor`
 */
export function createEmbeddingMonitor(
  reference: EmbeddingReference,
  options: EmbeddingMonitorOptions,
): EmbeddingMonitor {
  const { feature: name, windowSamples, alpha, minimumEffect } = options;
  if (!(Number.isInteger(windowSamples) && windowSamples >= 10 && alpha > 0 && alpha < 1 && minimumEffect >= 0))
    throw new UsageError(
      'drift.monitor',
      `Monitor of ${name}: a window of at least 10 embeddings, 0 < alpha < 1 and a least effect of 0 or more were expected.`,
    );
  const state = createAlarmState();
  const newWindow = () => ({
    sums: createFeatureSums(reference),
    likeness: new Float64Array(windowSamples),
    ids: new Array<string>(windowSamples).fill(''),
    fromMs: 0,
    toMs: 0,
  });
  /** One is filled while the other waits to be evaluated. */
  let filling = newWindow();
  let complete = newWindow();
  let due = false;
  let windowsMissed = 0;
  let notFinite = 0;
  let projection = 0;
  let latest: DriftFeature = {
    feature: name,
    unit: 'kernel distance',
    samples: 0,
    test: 'random-feature MMD',
    statistic: 0,
    pValue: 1,
    effectName: 'MMD',
    effect: 0,
    effectThreshold: minimumEffect,
    referenceMean: 0,
    currentMean: 0,
    state: 'warming-up',
    distribution: null,
  };
  const swap = (): void => {
    if (due) windowsMissed += 1;
    [filling, complete] = [complete, filling];
    filling.sums.reset();
    projection = 0;
    due = true;
  };
  /** What the sums gain along the reference's mean with a row is how like the reference the row is. */
  const likenessOfLast = (): number => {
    const sums = filling.sums.sums();
    let dot = 0;
    for (let f = 0; f < sums.length; f++) dot += (sums[f] ?? 0) * (reference.mean[f] ?? 0);
    const gained = dot - projection;
    projection = dot;
    return gained;
  };
  return {
    feature: name,
    record(row, atMs, resultId) {
      const at = filling.sums.count();
      filling.sums.add(row);
      if (filling.sums.count() === at) {
        notFinite += 1;
        return;
      }
      filling.likeness[at] = likenessOfLast();
      filling.ids[at] = resultId;
      if (at === 0) filling.fromMs = atMs;
      filling.toMs = atMs;
      if (at + 1 === windowSamples) swap();
    },
    get notFinite() {
      return notFinite;
    },
    get due() {
      return due;
    },
    get latest() {
      return latest.state === 'warming-up' ? { ...latest, samples: filling.sums.count() } : latest;
    },
    get windowsMissed() {
      return windowsMissed;
    },
    evaluate(): WindowResult | undefined {
      if (!due) return undefined;
      due = false;
      const { mmdSquared, effect, pValue } = featureMmd(reference, complete.sums);
      const change = state.window(pValue < alpha && effect >= minimumEffect);
      latest = {
        ...latest,
        samples: windowSamples,
        statistic: mmdSquared,
        pValue: Math.min(1, pValue),
        effect,
        currentMean: effect,
        state: state.raised ? 'drifting' : 'stable',
      };
      const { likeness, ids, fromMs, toMs } = complete;
      const examples = ids
        .map((id, i) => ({ id, likeness: likeness[i] ?? 0 }))
        .sort((a, b) => a.likeness - b.likeness)
        .slice(0, exampleCount)
        .map(({ id }) => id);
      const moment = {
        sinceMs: fromMs,
        sinceResultId: ids[0] ?? null,
        examples: change === 'raised' ? examples : [],
        movement: `what the model answers lies ${figure(effect)} from the reference`,
      };
      return {
        feature: latest,
        fromMs,
        toMs,
        alarm: change === undefined ? null : explainAlarm(latest, change, moment),
      };
    },
  };
}
