import type { DriftAlarm, DriftFeature } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { orderDevices, orderFeatures, standingAlarms } from './drift-order.js';
import type { DriftDevice } from './drift-order.js';

const feature = (name: string, state: DriftFeature['state'], effect: number): DriftFeature => ({
  feature: name,
  unit: '1',
  samples: 500,
  test: 'ks',
  statistic: 0.1,
  pValue: 0.01,
  effectName: 'wasserstein',
  effect,
  effectThreshold: 0.2,
  referenceMean: 0,
  currentMean: 0,
  state,
  distribution: null,
});
const alarm = (name: string, state: DriftAlarm['state']): DriftAlarm => ({
  alarm: name,
  state,
  feature: 'brightness',
  explanation: '',
  since: '2026-01-01T00:00:00.000Z',
  sinceResultId: null,
  pValue: 0.001,
  effectName: 'wasserstein',
  effect: 0.4,
  examples: [],
});
const device = (name: string, alarms: readonly DriftAlarm[], features: readonly DriftFeature[] = []): DriftDevice => ({
  site: 's',
  device: name,
  at: '2026-01-01T00:00:00.000Z',
  report: {
    bundle: 'b',
    bundleVersion: '1',
    windowFrom: '2026-01-01T00:00:00.000Z',
    windowTo: '2026-01-01T01:00:00.000Z',
    parts: 500,
    falseAlarmsPerMonth: 1,
    features: [...features],
    estimatedAccuracy: null,
  },
  alarms: [...alarms],
});

describe('drift order', () => {
  it('lets an alarm stand until it is cleared', () => {
    const alarms = [alarm('a', 'cleared'), alarm('a', 'raised'), alarm('b', 'raised')];
    expect(standingAlarms({ alarms }).map((each) => each.alarm)).toEqual(['b']);
  });

  it('puts devices with alarms first, then by name', () => {
    const devices = [device('c', []), device('b', []), device('z', [alarm('a', 'raised')])];
    expect(orderDevices(devices).map((each) => each.device)).toEqual(['z', 'b', 'c']);
  });

  it('puts what drifts first, then what is nearest to its threshold, whichever way it went', () => {
    const features = [
      feature('quiet', 'stable', 0.01),
      feature('new', 'warming-up', 0.5),
      feature('near', 'stable', -0.19),
      feature('gone', 'drifting', 0.21),
    ];
    expect(orderFeatures(features).map((each) => each.feature)).toEqual(['gone', 'near', 'quiet', 'new']);
  });
});
