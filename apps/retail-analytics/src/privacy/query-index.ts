import type { ReleaseMetric, RetailRelease } from '@edge-blueprints/contracts';
import type { LedgerEntry } from './ledger-entry.js';

interface Query {
  readonly metric: ReleaseMetric;
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
}
type State =
  | { readonly kind: 'reserved' }
  | { readonly kind: 'burnt' }
  | { readonly kind: 'stored'; readonly release: RetailRelease };

/** Which query stands where: reserved, burnt or answered. Bounded by the days that a ledger keeps. */
export function createQueryIndex() {
  const byQuery = new Map<string, { readonly query: Query; state: State }>();
  const byEntry = new Map<number, string>();
  const keyOf = ({ metric, fromEpochMs, toEpochMs }: Query): string => `${metric} ${fromEpochMs} ${toEpochMs}`;
  const set = (reservation: number, state: State): void => {
    const known = byQuery.get(byEntry.get(reservation) ?? '');
    if (known) known.state = state;
  };
  const reserve = (entry: number, { metric, fromEpochMs, toEpochMs }: Query): void => {
    const query = { metric, fromEpochMs, toEpochMs };
    byEntry.set(entry, keyOf(query));
    byQuery.set(keyOf(query), { query, state: { kind: 'reserved' } });
  };
  const answer = (reservation: number, release: RetailRelease): void => set(reservation, { kind: 'stored', release });
  const burn = (reservation: number): void => set(reservation, { kind: 'burnt' });
  return {
    reserve,
    answer,
    burn,
    read(entry: LedgerEntry): void {
      if (entry.kind === 'reserve') reserve(entry.n, entry);
      if (entry.kind === 'release') answer(entry.reservation, entry.release);
      if (entry.kind === 'burn') burn(entry.reservation);
    },
    find: (query: Query): State | undefined => byQuery.get(keyOf(query))?.state,
    /** True where this reservation is open and of the query that the release answers. */
    awaits(reservation: number, release: RetailRelease): boolean {
      const known = byQuery.get(byEntry.get(reservation) ?? '');
      return (
        known?.state.kind === 'reserved' &&
        known.query.metric === release.metric &&
        known.query.fromEpochMs === Date.parse(release.windowFrom) &&
        known.query.toEpochMs === Date.parse(release.windowTo)
      );
    },
    unanswered: (): readonly number[] =>
      [...byEntry].filter(([, key]) => byQuery.get(key)?.state.kind === 'reserved').map(([entry]) => entry),
    burnt: (fromEpochMs: number, toEpochMs: number): number =>
      [...byQuery.values()].filter(
        ({ query, state }) =>
          state.kind === 'burnt' && query.fromEpochMs >= fromEpochMs && query.fromEpochMs < toEpochMs,
      ).length,
    releases: (filter: {
      readonly fromEpochMs: number;
      readonly toEpochMs: number;
      readonly metric?: ReleaseMetric;
    }): readonly RetailRelease[] =>
      [...byQuery.values()]
        .flatMap(({ query, state }) =>
          state.kind === 'stored' &&
          query.fromEpochMs < filter.toEpochMs &&
          query.toEpochMs > filter.fromEpochMs &&
          (filter.metric === undefined || filter.metric === query.metric)
            ? [{ at: query.toEpochMs, release: state.release }]
            : [],
        )
        .sort((a, b) => a.at - b.at)
        .map(({ release }) => release),
  };
}
export type QueryIndex = ReturnType<typeof createQueryIndex>;
