/**
 * What one track added to one release window, before any bound. A track belongs to the window in which it began, whole:
 * that is what lets windows compose in parallel. It lives in memory only and is gone with its window.
 */
export interface TrackContribution {
  /** Random 64-bit number as hex; orders what the bounds drop, and is never written anywhere. */
  readonly key: string;
  readonly startedAtMs: number;
  readonly crossings: readonly { readonly line: string; readonly direction: 'in' | 'out' }[];
  readonly visits: readonly ZoneVisit[];
  /** Seconds in each cell of the public grid; index row x columns + column. */
  readonly heat: ReadonlyMap<number, number>;
  readonly transitions: readonly { readonly from: string; readonly to: string }[];
  readonly queues: readonly QueueVisit[];
}

export interface ZoneVisit {
  readonly zone: string;
  readonly enteredAtMs: number;
  readonly dwellS: number;
  /** The track ended inside, so the true dwell is longer. */
  readonly censored: boolean;
}

export interface QueueVisit {
  readonly queue: string;
  readonly joinedAtMs: number;
  readonly waitS: number;
  readonly outcome: 'served' | 'abandoned' | 'lost';
}

/** Everything of one release window, taken when every track that began in it has ended or the window's grace is over. */
export interface WindowContributions {
  readonly fromEpochMs: number;
  readonly toEpochMs: number;
  readonly planRevision: number;
  readonly tracks: readonly TrackContribution[];
  /** Share of the window in which the cameras of a metric were seeing, and why figures are not to be trusted. */
  readonly coverage: number;
  readonly qualityReasons: readonly string[];
}
