import type { DriftAlarm, DriftFeature, DriftView, UplinkView } from '@edge-blueprints/contracts';

export function featureOf(feature: string, change: Partial<DriftFeature> = {}): DriftFeature {
  return {
    feature,
    unit: 'of the template',
    samples: 60,
    test: 'kolmogorov-smirnov exact',
    statistic: 0.1,
    pValue: 0.4,
    effectName: 'Wasserstein distance / reference std',
    effect: 0.2,
    effectThreshold: 1,
    referenceMean: 1,
    currentMean: 1,
    state: 'stable',
    distribution: null,
    ...change,
  };
}

export function driftAlarmOf(feature: string): DriftAlarm {
  return {
    alarm: `drift.${feature}`,
    state: 'raised',
    feature,
    explanation: `${feature} has changed since 2026-01-01T00:00:00.000Z`,
    since: '2026-01-01T00:00:00.000Z',
    sinceResultId: 'r1',
    pValue: 1e-9,
    effectName: 'Wasserstein distance / reference std',
    effect: 3,
    examples: ['r1'],
  };
}

export function driftOf(change: Partial<DriftView> = {}): DriftView {
  return {
    state: 'stable',
    source: 'the spec',
    windowParts: 60,
    falseAlarmsPerMonth: 1,
    parts: 600,
    features: [featureOf('brightness'), featureOf('contrast')],
    alarms: [],
    ...change,
  };
}

export function uplinkOf(change: Partial<UplinkView> = {}): UplinkView {
  return {
    url: 'mqtts://hub:8883',
    state: 'connected',
    pending: { critical: 0, business: 0, metric: 0 },
    bytes: 0,
    maxBytes: 1_000,
    oldestAgeMs: null,
    delivered: 12_000,
    declaredLost: 0,
    resent: 0,
    criticalFull: false,
    lastError: null,
    ...change,
  };
}
