import { createRandom } from '@edge-blueprints/contracts';
import type { DriftAlarm, DriftFeature, DriftView, Random } from '@edge-blueprints/contracts';

const windowParts = 60;
const referenceParts = 1_500;
const bins = 10;

interface Story {
  readonly unit: string;
  readonly mean: number;
  readonly std: number;
  /** Of the drifting window, in standard deviations of the reference. */
  readonly shift: number;
}

const stories: Readonly<Record<string, Story>> = {
  brightness: { unit: 'of the template', mean: 1, std: 0.012, shift: -6.4 },
  contrast: { unit: 'of the template', mean: 1.01, std: 0.02, shift: -2.2 },
  sharpness: { unit: 'of the template', mean: 0.97, std: 0.04, shift: -0.4 },
  confidence: { unit: 'score', mean: 0.86, std: 0.06, shift: -0.7 },
};

/** Invented drift for work on the page, with the distributions; every figure comes from a fixed seed. */
export function inventedDrift(state: DriftView['state'], examples: readonly string[], parts: number): DriftView {
  const random = createRandom(7);
  const drifting = state === 'drifting';
  const features = [
    ...Object.entries(stories).map(([name, story]) => scalar(name, story, state, random.fork(name))),
    response(state),
  ];
  return {
    state,
    source: 'rendered boards, seed 7, 1,500 parts',
    windowParts,
    falseAlarmsPerMonth: 1,
    parts: state === 'warming-up' ? 23 : parts,
    features,
    alarms: drifting ? features.filter((each) => each.state === 'drifting').map((each) => alarm(each, examples)) : [],
  };
}

function scalar(feature: string, story: Story, state: DriftView['state'], random: Random): DriftFeature {
  const shift = state === 'drifting' ? story.shift : 0;
  const draw = (count: number, by: number): number[] =>
    Array.from({ length: count }, () => story.mean + story.std * (random.normal() + by));
  const reference = draw(referenceParts, 0).sort((a, b) => a - b);
  const current = draw(windowParts, shift);
  const edges = Array.from({ length: bins - 1 }, (_, k) => reference[((k + 1) * referenceParts) / bins] ?? 0);
  const share = (values: readonly number[]): number[] => {
    const counts = new Array<number>(bins).fill(0);
    for (const value of values) {
      const bin = edges.filter((edge) => value > edge).length;
      counts[bin] = (counts[bin] ?? 0) + 1 / values.length;
    }
    return counts;
  };
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const warming = state === 'warming-up';
  const effect = Math.abs(mean(current) - story.mean) / story.std;
  return {
    feature,
    unit: story.unit,
    samples: warming ? 23 : windowParts,
    test: 'kolmogorov-smirnov exact',
    statistic: warming ? 0 : Math.min(1, effect / 3),
    pValue: warming ? 1 : Math.exp(-((2 * effect) ** 2)),
    effectName: 'Wasserstein distance / reference std',
    effect: warming ? 0 : effect,
    effectThreshold: 1,
    referenceMean: mean(reference),
    currentMean: warming ? mean(reference) : mean(current),
    state: warming ? 'warming-up' : effect >= 1 ? 'drifting' : 'stable',
    distribution: warming ? null : { edges, reference: share(reference), current: share(current) },
  };
}

function response(state: DriftView['state']): DriftFeature {
  const effect = state === 'drifting' ? 0.29 : state === 'stable' ? 0.08 : 0;
  return {
    feature: 'response',
    unit: 'kernel distance',
    samples: state === 'warming-up' ? 23 : windowParts,
    test: 'random-feature MMD',
    statistic: effect ** 2,
    pValue: state === 'drifting' ? 3.1e-5 : state === 'stable' ? 0.41 : 1,
    effectName: 'MMD',
    effect,
    effectThreshold: 0.35,
    referenceMean: 0,
    currentMean: effect,
    state: state === 'drifting' ? 'stable' : state,
    distribution: null,
  };
}

function alarm(feature: DriftFeature, examples: readonly string[]): DriftAlarm {
  const since = new Date(Date.now() - 260_000).toISOString();
  const figure = (value: number): string => String(Number(value.toPrecision(3)));
  return {
    alarm: `drift.${feature.feature}`,
    state: 'raised',
    feature: feature.feature,
    explanation:
      `${feature.feature} has changed since ${since} (part ${examples.at(-1) ?? 'unknown'}): mean ${figure(feature.currentMean)}, ` +
      `reference ${figure(feature.referenceMean)} (${feature.unit}). ${feature.effectName} ${figure(feature.effect)}, alarm from ` +
      `${feature.effectThreshold}; chance of this without a change ${feature.pValue.toExponential(1)}, ${feature.samples} parts.`,
    since,
    sinceResultId: examples.at(-1) ?? null,
    pValue: feature.pValue,
    effectName: feature.effectName,
    effect: feature.effect,
    examples: examples.slice(0, 6),
  };
}
