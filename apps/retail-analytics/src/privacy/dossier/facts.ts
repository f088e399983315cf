import { releaseMetrics, type ReleaseMetric, type StorePlan } from '@edge-blueprints/contracts';
import { allowancesOf } from '../budget-accounts.js';
import { metricBounds } from '../contribution-bounds.js';
import { noiseQuantile, noiseScale } from '../discrete-laplace.js';
import type { PrivacyConfig } from '../privacy-config.js';
import { publicCells } from '../public-cells.js';
import type { LedgerVerdict } from '../verify-ledger.js';

/** What the dossier is made of: settings and the ledger, nothing about anybody. */
export interface DossierFacts {
  readonly store: string;
  readonly simulated: boolean;
  readonly madeAt: string;
  readonly cameras: readonly { readonly id: string; readonly mount: string }[];
  readonly plan: StorePlan;
  readonly privacy: PrivacyConfig;
  readonly hub: boolean;
  readonly maxFrameAgeMs: number;
  readonly pageHost: string;
  readonly calibrationPictures: boolean;
  readonly ledger: LedgerVerdict;
  /** Spent for the present day (UTC), epsilon. */
  readonly spentToday: number;
}

export interface MetricFacts {
  readonly metric: ReleaseMetric;
  readonly what: string;
  readonly bound: string;
  readonly window: string;
  readonly epsilon: number;
  readonly sensitivity: number;
  readonly error95: number;
  readonly unit: string;
  readonly cells: number;
}

const meanings: Readonly<Record<ReleaseMetric, readonly [what: string, bound: string]>> = {
  counts: ['people who cross a line, in and out', 'one crossing in and one out'],
  visits: ['visits of zones', 'four zones, once each'],
  dwell: ['how long visits of a zone last, as a histogram', 'four visits, at most 900 s each'],
  heat: ['where on the floor time is spent', 'one visit in all, however long'],
  queue: ['waits beyond the threshold', 'six periods of five minutes'],
  transitions: ['ways from zone to zone', 'three ways'],
};

/** Metrics that have a share of the budget. */
export function metricFacts({ privacy, plan }: Pick<DossierFacts, 'privacy' | 'plan'>): readonly MetricFacts[] {
  const { perMetric } = allowancesOf(privacy);
  return releaseMetrics
    .filter((metric) => perMetric[metric] > 0)
    .map((metric) => {
      const { sensitivity, unit } = metricBounds[metric];
      const seconds = privacy.windows[metric] === 'short' ? privacy.windows.shortS : privacy.windows.longS;
      const [what, bound] = meanings[metric];
      return {
        metric,
        what,
        bound,
        window: duration(seconds),
        epsilon: perMetric[metric] / 1e6,
        sensitivity,
        error95: noiseQuantile(noiseScale(perMetric[metric], sensitivity), 0.95),
        unit,
        cells: publicCells(metric, plan, privacy.heatCellM).length,
      };
    });
}

export function duration(seconds: number): string {
  if (seconds % 86_400 === 0) return seconds === 86_400 ? 'a day' : `${seconds / 86_400} days`;
  if (seconds % 3_600 === 0) return seconds === 3_600 ? 'an hour' : `${seconds / 3_600} hours`;
  return seconds % 60 === 0 ? `${seconds / 60} minutes` : `${seconds} seconds`;
}

/** How much likelier an answer can become by one more track: e to the epsilon. */
export function factor(epsilon: number): string {
  return Math.exp(epsilon).toFixed(Math.exp(epsilon) < 10 ? 2 : 0);
}
