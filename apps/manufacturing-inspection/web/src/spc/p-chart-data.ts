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
}

const beyondRule = 'beyond-3-sigma';

export function pChartColumns(points: readonly PChartPoint[]): PChartColumns {
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
  };
}
