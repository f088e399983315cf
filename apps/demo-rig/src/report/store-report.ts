import type { StoreView } from '@edge-blueprints/contracts';
import { wilsonInterval } from '@edge-blueprints/pipeline';
import type { WrittenFiles } from './written-files.js';
import { lengthAt, medianStayS, staysBetween, type ShopTruth } from './store-truth.js';

/** What the node showed of its queues at one moment. */
export interface QueueSample {
  readonly epochMs: number;
  readonly lengths: Readonly<Record<string, number>>;
}

export interface StoreReportInput {
  readonly begin: StoreView;
  readonly end: StoreView;
  readonly truth: ShopTruth;
  readonly samples: readonly QueueSample[];
  readonly written: WrittenFiles;
}

/** What the store node counted against what truly happened, before privacy noise; what was released, spent and written. */
export function storeReport({ begin, end, truth, samples, written }: StoreReportInput) {
  return {
    seconds: (end.atEpochMs - begin.atEpochMs) / 1000,
    lines: end.lines.map((line) => lineErrors(line, begin, truth)),
    zones: end.zones.map(({ id, dwellMedianS, censoredShare }) => {
      const stays = staysBetween(truth.zones[id]?.visits ?? [], truth.sinceMs, truth.monotonicMs);
      const trueMedianS = medianStayS(stays);
      return {
        zone: id,
        visits: stays.length,
        medianS: dwellMedianS,
        trueMedianS,
        error: dwellMedianS === null || trueMedianS === null ? null : dwellMedianS / trueMedianS - 1,
        censoredShare,
        trueCensoredShare: stays.length === 0 ? null : stays.filter(({ censored }) => censored).length / stays.length,
      };
    }),
    queues: end.queues.map(({ id, littleResidual }) => ({ ...queueErrors(id, truth, samples), littleResidual })),
    releases: end.releases
      .filter(({ windowFrom }) => Date.parse(windowFrom) >= begin.atEpochMs - 60_000)
      .map(({ metric, windowFrom, windowTo, epsilon, error95, coverage, quality, cells }) => ({
        ...{ metric, windowFrom, windowTo, epsilon, error95, coverage, quality },
        cells: cells.length,
        suppressed: cells.filter(({ value }) => value === null).length,
      })),
    budget: end.budget,
    cameras: end.cameras.map(({ id, state, framesPerS, dropped }) => ({ id, state, framesPerS, dropped })),
    model: end.model,
    fragmentation: end.privacy.fragmentation,
    written,
  };
}

function lineErrors(line: StoreView['lines'][number], begin: StoreView, truth: ShopTruth) {
  const before = begin.lines.find(({ id }) => id === line.id);
  const counted = { in: line.inToday - (before?.inToday ?? 0), out: line.outToday - (before?.outToday ?? 0) };
  const truly = { in: truth.lines[line.id]?.in.length ?? 0, out: truth.lines[line.id]?.out.length ?? 0 };
  const all = truly.in + truly.out;
  return {
    line: line.id,
    counted,
    truth: truly,
    /** Of both directions together; null where nobody crossed. */
    error: all === 0 ? null : (counted.in + counted.out) / all - 1,
  };
}

function queueErrors(id: string, truth: ShopTruth, samples: readonly QueueSample[]) {
  const toMonotonicMs = truth.monotonicMs - truth.epochMs;
  const errors = samples.map(
    ({ epochMs, lengths }) => (lengths[id] ?? 0) - lengthAt(truth.queues[id]?.lengths ?? [], epochMs + toMonotonicMs),
  );
  const within = errors.filter((error) => Math.abs(error) <= 1).length;
  return {
    queue: id,
    samples: errors.length,
    /** Samples, one a second and so not independent of each other, at which the length was right within one person. */
    withinOne: { count: within, ...wilsonInterval(within, errors.length) },
    bias: errors.length === 0 ? null : errors.reduce((sum, error) => sum + error, 0) / errors.length,
  };
}

export type StoreReport = ReturnType<typeof storeReport>;
