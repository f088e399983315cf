import type { ReleaseMetric, RetailRelease, StorePlan } from '@edge-blueprints/contracts';
import { metricBounds } from './contribution-bounds.js';
import { discreteLaplace, noiseQuantile, noiseScale } from './discrete-laplace.js';
import { dwellFromHistogram, postProcess } from './post-process.js';
import type { PrivacyConfig } from './privacy-config.js';
import { cellKeys, dwellBordersS, publicCells } from './public-cells.js';
import { publicCoverage, publicReasons } from './public-reasons.js';
import type { RandomBits } from './release-ports.js';
import type { WindowSums } from './window-sums.js';

export interface NoisyReleaseInput {
  readonly metric: ReleaseMetric;
  readonly sums: WindowSums;
  readonly store: string;
  readonly simulated: boolean;
  readonly config: PrivacyConfig;
  readonly epsilonMicros: number;
  readonly ledger: RetailRelease['ledger'];
  readonly bits: RandomBits;
}

/** Below this share of seeing cameras the figures are called degraded. */
const goodCoverage = 0.95;

/** One noisy number for every public cell, whether anybody was there or not; then post-processing on these alone. */
export function noisyRelease(input: NoisyReleaseInput): RetailRelease {
  const { metric, sums, config, epsilonMicros, bits } = input;
  const { sensitivity, unit, unitsPerPerson } = metricBounds[metric];
  const scale = noiseScale(epsilonMicros, sensitivity);
  const counted = sums.units.get(metric);
  const noisy = new Map<string, bigint>();
  for (const key of publicCells(metric, sums.plan, config.heatCellM))
    noisy.set(key, (counted?.get(key) ?? 0n) + discreteLaplace(scale, bits));

  const minimum = config.minimumCount * unitsPerPerson;
  const roundTo = config.roundTo * unitsPerPerson;
  const error95 = noiseQuantile(scale, 0.95);
  const coverage = publicCoverage(sums.coverage);
  const reasons = publicReasons(sums.qualityReasons);
  return {
    format: 'edge-retail-release/1',
    store: input.store,
    metric,
    windowFrom: new Date(sums.fromEpochMs).toISOString(),
    windowTo: new Date(sums.toEpochMs).toISOString(),
    planRevision: sums.plan.revision,
    mechanism: 'discrete-laplace',
    epsilon: epsilonMicros / 1e6,
    sensitivity,
    error95,
    unit,
    minimum,
    roundedTo: roundTo,
    coverage,
    quality: coverage === 0 ? 'unknown' : coverage < goodCoverage || reasons.length > 0 ? 'degraded' : 'good',
    qualityReasons: [...reasons],
    cells: [
      ...[...noisy].map(([key, value]) => ({ key, value: postProcess(value, { minimum, roundTo }) })),
      ...(metric === 'dwell' ? dwellCells(sums.plan, noisy, error95) : []),
    ],
    fragmentation: config.fragmentation,
    ledger: input.ledger,
    simulated: input.simulated,
  };
}

/** Median and 90th percentile of each zone, from its noisy histogram before suppression and rounding. */
function dwellCells(plan: StorePlan, noisy: ReadonlyMap<string, bigint>, error95: number): RetailRelease['cells'] {
  return plan.zones.flatMap(({ id }) => {
    const bins = (censored: boolean): readonly bigint[] =>
      dwellBordersS.slice(1).map((_, bin) => noisy.get(cellKeys.dwell(id, bin, censored)) ?? 0n);
    // The noise of a whole histogram grows with the root of its bins; below it there is nothing to estimate from.
    const leastTotal = error95 * Math.sqrt(2 * (dwellBordersS.length - 1));
    const { medianS, p90S } = dwellFromHistogram(bins(false), bins(true), leastTotal);
    return [
      { key: `zone/${id}/median`, value: medianS, unit: 'seconds' },
      { key: `zone/${id}/p90`, value: p90S, unit: 'seconds' },
    ];
  });
}
