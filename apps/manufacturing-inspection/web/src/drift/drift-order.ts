import type { DriftFeature, DriftView } from '@edge-blueprints/contracts';

const states: readonly DriftFeature['state'][] = ['drifting', 'stable', 'warming-up'];

/** What drifts first; the rest keeps the order of the reference, so that rows do not jump from window to window. */
export function orderFeatures(features: readonly DriftFeature[]): readonly DriftFeature[] {
  return [...features].sort((a, b) => states.indexOf(a.state) - states.indexOf(b.state));
}

/** Size of the effect in thresholds: 1 is where an alarm begins. A threshold of 0 is always reached. */
export function effectInThresholds({ effect, effectThreshold }: DriftFeature): number {
  if (effectThreshold > 0) return Math.abs(effect) / effectThreshold;
  return effect === 0 ? 0 : Number.POSITIVE_INFINITY;
}

/** Changes when a window was tested, and with it the distributions; not with every part. */
export function windowStamp({ features }: DriftView): string {
  return features.map(({ feature, state, effect, pValue }) => `${feature}/${state}/${effect}/${pValue}`).join();
}
