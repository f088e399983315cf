import { describe, expect, it } from 'vitest';
import { driftOf, featureOf } from '../testing/drift-of.js';
import { effectInThresholds, orderFeatures, windowStamp } from './drift-order.js';

describe('drift rows', () => {
  it('puts what drifts first and keeps the rest in the order of the reference', () => {
    const features = [
      featureOf('brightness'),
      featureOf('contrast', { state: 'warming-up' }),
      featureOf('sharpness', { effect: 0.9 }),
      featureOf('confidence', { state: 'drifting' }),
    ];
    expect(orderFeatures(features).map(({ feature }) => feature)).toEqual([
      'confidence',
      'brightness',
      'sharpness',
      'contrast',
    ]);
  });

  it('measures an effect in thresholds, in either direction', () => {
    expect(effectInThresholds(featureOf('a', { effect: -0.7, effectThreshold: 0.35 }))).toBe(2);
    expect(effectInThresholds(featureOf('a', { effect: 0, effectThreshold: 0 }))).toBe(0);
    expect(effectInThresholds(featureOf('a', { effect: 0.1, effectThreshold: 0 }))).toBe(Number.POSITIVE_INFINITY);
  });

  it('asks for the distributions again after a window, not after a part', () => {
    const before = driftOf();
    const nextPart = driftOf({ parts: 601 });
    const warming = (samples: number) => driftOf({ features: [featureOf('a', { state: 'warming-up', samples })] });
    expect(windowStamp(nextPart)).toBe(windowStamp(before));
    expect(windowStamp(warming(2))).toBe(windowStamp(warming(1)));
    expect(windowStamp(driftOf({ features: [featureOf('brightness', { pValue: 0.3 })] }))).not.toBe(
      windowStamp(driftOf({ features: [featureOf('brightness')] })),
    );
  });
});
