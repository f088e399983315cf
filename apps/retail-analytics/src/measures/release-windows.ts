import { UsageError } from '@edge-blueprints/contracts';
import { emptySpan, type CoverSpan } from './camera-cover.js';
import type { TrackContribution, WindowContributions } from './contribution.js';
import type { ReleaseWindow } from './measures-port.js';

/** One window while it is filled: a UTC bin, or the part of it before or after an edit of the plan. */
export interface OpenWindow {
  readonly fromEpochMs: number;
  readonly planRevision: number;
  /** Where the bin ends that it lies in. */
  readonly binEndMs: number;
  readonly span: CoverSpan;
  readonly reasons: Set<string>;
  readonly done: TrackContribution[];
  /** Tracks that began in it and go on. */
  alive: number;
  toEpochMs: number | undefined;
  closedAtMs: number;
}

/** A jump of the clock over more bins than this leaves them out: nobody watched. */
const mostEmptyBins = 48;
/** A clock that is off by more than this against the last look has jumped, ms. */
const jumpMs = 2_000;
/** Windows that nobody takes are let go beyond this, oldest first. */
const mostWindows = 96;

/**
 * UTC bins of one length, one after the other without a gap or an overlap. A track belongs to the window that is open when
 * it begins. A clock that goes back leaves the open window open until the time has come again, so that no window comes
 * twice; local time and its changes do not matter here at all.
 */
export class ReleaseWindows {
  readonly #lengthMs: number;
  readonly #graceMs: number;
  readonly #maxTracks: number;
  #windows: OpenWindow[] = [];
  #revision: number;
  #lastEpochMs: number | undefined;
  #lastAtMs = 0;
  #dropped = 0;

  constructor(options: {
    readonly windowS: number;
    readonly graceS: number;
    readonly maxTracks: number;
    readonly revision: number;
  }) {
    this.#lengthMs = options.windowS * 1000;
    this.#graceMs = options.graceS * 1000;
    this.#maxTracks = options.maxTracks;
    this.#revision = options.revision;
  }

  get dropped(): number {
    return this.#dropped;
  }

  /** The open window at this moment; closes those whose bin is over. */
  at(epochMs: number, atMs: number): OpenWindow {
    const drifted = this.#lastEpochMs === undefined ? 0 : epochMs - this.#lastEpochMs - (atMs - this.#lastAtMs);
    this.#lastEpochMs = epochMs;
    this.#lastAtMs = atMs;
    let open = this.#windows.at(-1);
    if (open === undefined || open.toEpochMs !== undefined) {
      open = this.#open(Math.max(Math.ceil(epochMs), open?.toEpochMs ?? Number.NEGATIVE_INFINITY));
    }
    if (drifted < -jumpMs) open.reasons.add('clock was set back');
    if (drifted > jumpMs) open.reasons.add('clock was set forward');
    if (epochMs < open.binEndMs) return open;
    for (let empty = 0; epochMs >= open.binEndMs; empty += 1) {
      open.toEpochMs = open.binEndMs;
      open.closedAtMs = atMs;
      const skips = empty >= mostEmptyBins;
      open = this.#open(skips ? Math.floor(epochMs / this.#lengthMs) * this.#lengthMs : open.binEndMs);
    }
    if (drifted > jumpMs) open.reasons.add('clock was set forward');
    return open;
  }

  /** Ends the open window here, inside of its bin. */
  cut(epochMs: number, atMs: number): OpenWindow {
    const open = this.at(epochMs, atMs);
    open.toEpochMs = Math.max(open.fromEpochMs + 1, Math.min(Math.floor(epochMs), open.binEndMs));
    open.closedAtMs = atMs;
    return open;
  }

  /** What follows belongs to this revision of the plan. */
  edit(revision: number, epochMs: number, atMs: number): void {
    const before = this.cut(epochMs, atMs);
    before.reasons.add('plan edited within the window');
    this.#revision = revision;
    this.#open(before.toEpochMs ?? Math.ceil(epochMs));
  }

  keep(window: OpenWindow, track: TrackContribution): void {
    window.alive -= 1;
    if (window.done.length < this.#maxTracks) {
      window.done.push(track);
      return;
    }
    this.#dropped += 1;
    window.reasons.add('crowd beyond capacity');
  }

  /** Closed windows in order, as far as each is complete or its grace is over. */
  due(atMs: number, everything = false): readonly ReleaseWindow[] {
    const ready: ReleaseWindow[] = [];
    for (const { toEpochMs, alive, closedAtMs, fromEpochMs, planRevision } of this.#windows) {
      if (toEpochMs === undefined) break;
      if (!everything && alive > 0 && atMs - closedAtMs < this.#graceMs) break;
      ready.push({ fromEpochMs, toEpochMs, planRevision });
    }
    return ready;
  }

  /** @param finish gives the contributions of tracks that began in it and go on */
  take(
    window: ReleaseWindow,
    finish: (own: OpenWindow) => void,
    reasonsOf: (span: CoverSpan) => readonly string[],
  ): WindowContributions {
    const found = this.#windows.find(
      (w) => w.fromEpochMs === window.fromEpochMs && w.toEpochMs === window.toEpochMs && w.toEpochMs !== undefined,
    );
    if (!found) {
      throw new UsageError(
        'retail.window',
        `The window ${new Date(window.fromEpochMs).toISOString()} to ${new Date(window.toEpochMs).toISOString()} ` +
          'was not announced or was taken before. Take each window of `due` once.',
      );
    }
    finish(found);
    this.#windows = this.#windows.filter((w) => w !== found);
    const lengthMs = Math.max(1, window.toEpochMs - window.fromEpochMs);
    return {
      ...window,
      tracks: found.done,
      coverage: Math.min(1, found.span.coveredMs / lengthMs),
      qualityReasons: [...found.reasons, ...reasonsOf(found.span)],
    };
  }

  #open(fromEpochMs: number): OpenWindow {
    const window: OpenWindow = {
      fromEpochMs,
      planRevision: this.#revision,
      binEndMs: (Math.floor(fromEpochMs / this.#lengthMs) + 1) * this.#lengthMs,
      span: emptySpan(),
      reasons: new Set(),
      done: [],
      alive: 0,
      toEpochMs: undefined,
      closedAtMs: 0,
    };
    this.#windows = [...this.#windows.slice(1 - mostWindows), window];
    return window;
  }
}
