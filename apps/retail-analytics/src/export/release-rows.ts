import type { ReleaseMetric, RetailRelease } from '@edge-blueprints/contracts';

/** One released number with everything that is needed to read it rightly. */
export interface ReleaseRow {
  readonly windowFrom: string;
  readonly windowTo: string;
  readonly store: string;
  readonly key: string;
  /** Null: suppressed, or not estimable. */
  readonly value: number | null;
  readonly unit: string;
  /** 95 % of released numbers lie this near to the counted one: noise, and half a rounding step outward. Null for estimates. */
  readonly plusMinus95: number | null;
  readonly suppressedBelow: number;
  readonly roundedTo: number;
  readonly coverage: number;
  readonly quality: RetailRelease['quality'];
  readonly qualityReasons: string;
  readonly planRevision: number;
  readonly epsilon: number;
  readonly sensitivity: number;
  readonly tracksPerPerson: number;
  readonly simulated: boolean;
  readonly ledgerEntry: number;
}

/** Cells of one metric, oldest window first, in the public order of the cells. */
export function releaseRows(releases: readonly RetailRelease[], metric: ReleaseMetric): readonly ReleaseRow[] {
  return releases
    .filter((release) => release.metric === metric)
    .sort((a, b) => Date.parse(a.windowFrom) - Date.parse(b.windowFrom))
    .flatMap((release) =>
      release.cells.map(({ key, value, unit }) => ({
        windowFrom: release.windowFrom,
        windowTo: release.windowTo,
        store: release.store,
        key,
        value,
        unit: unit ?? release.unit,
        plusMinus95: unit === undefined ? Math.ceil(release.error95 + release.roundedTo / 2) : null,
        suppressedBelow: release.minimum,
        roundedTo: release.roundedTo,
        coverage: release.coverage,
        quality: release.quality,
        qualityReasons: release.qualityReasons.join('; '),
        planRevision: release.planRevision,
        epsilon: release.epsilon,
        sensitivity: release.sensitivity,
        tracksPerPerson: release.fragmentation,
        simulated: release.simulated,
        ledgerEntry: release.ledger.entry,
      })),
    );
}
