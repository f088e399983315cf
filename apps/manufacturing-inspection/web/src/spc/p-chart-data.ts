import type { PChartPoint } from '@edge-blueprints/contracts';

export type NumberColumn = (number | null)[];

export interface PChartColumns {
  /** Subgroup number, 1-based: subgroups are counted parts, so equal steps are honest where equal times are not. */
  readonly x: number[];
  readonly share: NumberColumn;
  readonly centre: NumberColumn;
  readonly low: NumberColumn;
  readonly high: NumberColumn;
  /** The share again where a rule is broken, null elsewhere. */
  readonly beyond: NumberColumn;
  readonly run: NumberColumn;
  readonly yMax: number;
}

const beyondRule = 'beyond-3-sigma';

export function pChartColumns(points: readonly PChartPoint[]): PChartColumns {
  const top = Math.max(0.01, ...points.map((point) => Math.max(point.share, point.high)));
  const beyond = (point: PChartPoint): boolean => point.signals.includes(beyondRule);
  const run = (point: PChartPoint): boolean => point.signals.some((rule) => rule !== beyondRule);
  return {
    x: points.map((_, index) => index + 1),
    share: points.map((point) => point.share),
    centre: points.map((point) => point.centre),
    low: points.map((point) => point.low),
    high: points.map((point) => point.high),
    beyond: points.map((point) => (beyond(point) ? point.share : null)),
    run: points.map((point) => (run(point) && !beyond(point) ? point.share : null)),
    yMax: roundUp(top * 1.1),
  };
}

/** Next of 1, 2, 2.5, 5 times a power of ten: an axis that keeps its end while the data move a little. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= value * (1 - 1e-9)) ?? 10;
  return step * power;
}
