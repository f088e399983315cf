import type { ReleaseMetric } from '@edge-blueprints/contracts';
import { joinSums, type WindowSums } from './window-sums.js';

export interface ClosedWindow {
  readonly metric: ReleaseMetric;
  readonly sums: WindowSums;
}

/**
 * Adds short windows up to long ones. A long window ends at a multiple of its length, or earlier where the plan was edited
 * or the node stops: what follows is a window of its own. The windows never overlap, so they still compose in parallel.
 * One open window at a time; a crash loses it, and the next one says by its beginning that it does not hold the time before.
 */
export function createLongWindows(lengthMs: number, metrics: readonly ReleaseMetric[]) {
  let open: WindowSums | undefined;
  let seenTo = Number.NEGATIVE_INFINITY;
  const flush = (): readonly ClosedWindow[] => {
    const sums = open;
    open = undefined;
    return sums === undefined ? [] : metrics.map((metric) => ({ metric, sums }));
  };
  const bin = (epochMs: number): number => Math.floor(epochMs / lengthMs);
  return {
    /** @returns what is closed by it: a window before it, and itself where it ends a long window */
    add(sums: WindowSums): readonly ClosedWindow[] {
      // A window that comes again, or that a clock put back brought, is in already.
      if (sums.fromEpochMs < seenTo) return [];
      seenTo = sums.toEpochMs;
      const follows =
        open !== undefined &&
        open.plan.revision === sums.plan.revision &&
        bin(open.fromEpochMs) === bin(sums.fromEpochMs);
      const before = follows ? [] : flush();
      open = open === undefined ? sums : joinSums(open, sums);
      return bin(sums.toEpochMs) > bin(open.fromEpochMs) ? [...before, ...flush()] : before;
    },
    flush,
  };
}
