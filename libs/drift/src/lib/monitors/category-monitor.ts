import { UsageError, type DriftFeature, type Random } from '@edge-blueprints/contracts';
import { createAlarmState } from './alarm-state.js';
import { categoryTest } from './category-test.js';
import { explainAlarm, figure } from './explain-alarm.js';
import { createSampleHistory } from './sample-history.js';
import type { WindowMonitor, WindowMonitorOptions } from './window-monitor.js';

export interface CategoryMonitorOptions extends WindowMonitorOptions {
  readonly feature: string;
  /** Of the reference, by category. Values that it does not name count as `other`. */
  readonly reference: Readonly<Record<string, number>>;
  readonly random: Random;
}

export interface CategoryMonitor extends WindowMonitor {
  /** Allocates nothing. */
  record(category: string, atMs: number, resultId: string): void;
}

const exampleCount = 6;

/**
 * Watches shares, for example of verdicts or classes: exact hypergeometric test of each category against the others, effect the total variation
 * distance, which is the share of parts that would have to change category.
 * @throws UsageError `drift.monitor`
 */
export function createCategoryMonitor(options: CategoryMonitorOptions): CategoryMonitor {
  const { feature: name, windowSamples, alpha, minimumEffect, random } = options;
  const names = Object.keys(options.reference);
  const counts = [...Object.values(options.reference), 0];
  const total = counts.reduce((a, b) => a + b, 0);
  if (!(names.length >= 2 && total >= 20 && counts.every((n) => Number.isInteger(n) && n >= 0) && windowSamples >= 10))
    throw new UsageError(
      'drift.monitor',
      `Monitor of ${name}: whole counts of at least two categories and 20 parts, and a window of at least 10 were expected, ` +
        `got ${JSON.stringify(options.reference)} and ${windowSamples}.`,
    );
  const index = new Map(names.map((category, i) => [category, i]));
  const history = createSampleHistory(windowSamples, 1);
  const state = createAlarmState();
  const current = new Array<number>(counts.length).fill(0);
  let latest: DriftFeature = {
    feature: name,
    unit: 'share',
    samples: 0,
    test: 'hypergeometric exact',
    statistic: 0,
    pValue: 1,
    effectName: 'total variation distance',
    effect: 0,
    effectThreshold: minimumEffect,
    referenceMean: (counts[0] ?? 0) / total,
    currentMean: (counts[0] ?? 0) / total,
    state: 'warming-up',
    distribution: null,
  };
  return {
    feature: name,
    record(category, atMs, resultId) {
      history.add(index.get(category) ?? names.length, atMs, resultId);
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
      current.fill(0);
      for (const category of window) current[category] = (current[category] ?? 0) + 1;
      // Nothing unknown on either side: `other` is no category, and two stay two.
      const known = current[names.length] === 0 ? names.length : names.length + 1;
      const test = categoryTest(counts.slice(0, known), current.slice(0, known), random.next());
      const change = state.window(test.pValue < alpha && test.totalVariation >= minimumEffect);
      const category = names[test.category] ?? 'other';
      const currentShare = (current[test.category] ?? 0) / windowSamples;
      latest = {
        ...latest,
        unit: `share of ${category}`.slice(0, 32),
        samples: windowSamples,
        statistic: test.statistic,
        pValue: test.pValue,
        effect: test.totalVariation,
        referenceMean: (counts[test.category] ?? 0) / total,
        currentMean: currentShare,
        state: state.raised ? 'drifting' : 'stable',
      };
      const first = history.length - windowSamples;
      const examples = Array.from({ length: windowSamples }, (_, i) => first + i)
        .filter((i) => history.valueAt(i) === test.category)
        .slice(-exampleCount)
        .map((i) => history.idAt(i));
      return {
        feature: latest,
        fromMs: history.timeAt(first),
        toMs: history.timeAt(history.length - 1),
        alarm:
          change === undefined
            ? null
            : explainAlarm(latest, change, {
                sinceMs: history.timeAt(first),
                sinceResultId: history.idAt(first),
                examples: change === 'raised' ? examples : [],
                movement: `share of ${category} ${figure(currentShare)}, reference ${figure(latest.referenceMean)}`,
              }),
      };
    },
  };
}
