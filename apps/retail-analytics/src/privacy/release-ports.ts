import type { BudgetView, ReleaseMetric, RetailRelease, StorePlan } from '@edge-blueprints/contracts';
import type { WindowContributions } from '../measures/contribution.js';

/** Where randomness comes from. `seeded` exists for tests alone; a releaser takes it only for a simulated store. */
export interface RandomBits {
  readonly source: 'system' | 'seeded';
  /** Fresh uniform bytes. */
  bytes(count: number): Uint8Array;
}

/** Newest entry of the ledger: goes into telemetry and audit events, so that others notice when it falls. */
export interface LedgerHead {
  /** Number of the newest entry; 0 before the first. */
  readonly entry: number;
  readonly hash: string;
}

/** One question to the store: answered at most once with fresh noise, afterwards always with the same answer. */
export interface ReleaseQuery {
  readonly store: string;
  readonly metric: ReleaseMetric;
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
  readonly planRevision: number;
  /** Budget that the answer costs, in millionths of epsilon. */
  readonly epsilonMicros: number;
}

export type ReserveOutcome =
  | { readonly kind: 'reserved'; readonly ledger: RetailRelease['ledger'] }
  /** Asked before: this is the answer, and it costs nothing more. */
  | { readonly kind: 'stored'; readonly release: RetailRelease }
  | { readonly kind: 'refused'; readonly code: string; readonly reason: string };

/** The budget of a store. Everything it says `reserved` to is on the disk before anything is computed. */
export interface BudgetLedger {
  /** Never throws for the state of the ledger: what cannot be granted is refused with its reason. */
  reserve(query: ReleaseQuery): ReserveOutcome;
  /** Stores the answer. When it returns, the answer is on the disk for good. @throws DeviceError `ledger.disk` */
  confirm(release: RetailRelease): void;
  /** Stored answers whose window touches [from, to), oldest first. */
  releases(filter: {
    readonly fromEpochMs: number;
    readonly toEpochMs: number;
    readonly metric?: ReleaseMetric;
  }): readonly RetailRelease[];
  /** The budget of the day that holds this moment. */
  view(nowEpochMs: number): BudgetView;
  head(): LedgerHead;
  close(): void;
}

/** Why a metric of a window was not released. The page shows it; nothing about people is in it. */
export interface ReleaseRefusal {
  readonly metric: ReleaseMetric;
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
  /** `ledger.spent`, `ledger.burnt`, `ledger.damaged`, `ledger.clock-back`, `ledger.disk`, ... */
  readonly code: string;
  readonly reason: string;
}

export interface ReleaseOutcome {
  readonly releases: readonly RetailRelease[];
  readonly refused: readonly ReleaseRefusal[];
}

/**
 * Turns what the tracks of closed windows added into numbers that may leave the store. Short windows come one after the
 * other, empty ones too; metrics with long windows are summed in memory (whole numbers per public cell, no identities) and
 * released when the long window ends.
 */
export interface Releaser {
  /** One closed short window with the plan that it was measured with. Never throws for the ledger's state. */
  release(window: WindowContributions, plan: StorePlan): ReleaseOutcome;
  /** Releases the open long windows as they are, cut at the end of the last short window: at a clean stop. */
  flush(): ReleaseOutcome;
  budget(): BudgetView;
  head(): LedgerHead;
  /** Stored releases, oldest first. */
  history(filter: {
    readonly fromEpochMs: number;
    readonly toEpochMs: number;
    readonly metric?: ReleaseMetric;
  }): readonly RetailRelease[];
  close(): void;
}
