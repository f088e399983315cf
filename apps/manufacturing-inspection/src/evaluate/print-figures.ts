import { samplesForQuantile } from '@edge-blueprints/pipeline';
import type { EvaluationFigures, ShareFigure } from './figures.js';

/** The figures as text for a terminal. */
export function printFigures(figures: EvaluationFigures, heading: readonly string[]): string {
  const { detection, falseRejects, latency } = figures;
  const lines = [
    ...heading,
    '',
    `${detection.pairs} pairs, ${detection.defects} labelled defects; hit: same class, IoU > 0.33`,
    '',
    row('class', 'defects', 'AP', 'threshold', 'precision', 'recall'),
    ...detection.perClass.map((each) =>
      row(
        each.label,
        String(each.defects),
        percent(each.ap),
        each.threshold.toFixed(2),
        interval(each.precision),
        interval(each.recall),
      ),
    ),
    row(
      'mean / all',
      String(detection.defects),
      percent(detection.map),
      '',
      interval(detection.atVerdict.precision),
      interval(detection.atVerdict.recall),
    ),
    '',
    `mAP                     ${percent(detection.map)}`,
    detection.bestF === null
      ? 'best F                  no detections'
      : `best F (one threshold)  ${percent(detection.bestF.f)} at ${detection.bestF.threshold.toFixed(3)} (P ${percent(detection.bestF.precision)}, R ${percent(detection.bestF.recall)})`,
    `F at verdict thresholds ${percent(detection.atVerdict.f)}`,
    `escaped boards          ${interval(detection.escapedBoards)} of ${detection.escapedBoards.of} bad boards`,
    ...Object.entries(falseRejects).map(
      ([set, figure]) => `false rejects           ${interval(figure)} of ${figure.of} ${set}`,
    ),
    '',
    ['stage'.padEnd(14), ...['count', 'p50 ms', 'p95 ms', 'p99 ms', 'max ms'].map((name) => name.padStart(10))].join(
      '',
    ),
    ...latency.map(({ stage, count, p50Ms, p95Ms, p99Ms, maxMs }) =>
      [
        stage.padEnd(14),
        String(count).padStart(10),
        milliseconds(p50Ms, samplesForQuantile.p50),
        milliseconds(p95Ms, samplesForQuantile.p95),
        milliseconds(p99Ms, samplesForQuantile.p99),
        milliseconds(maxMs, 1),
      ].join(''),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function row(label: string, defects: string, ap: string, threshold: string, precision: string, recall: string): string {
  return [
    label.padEnd(12),
    defects.padStart(8),
    ap.padStart(9),
    threshold.padStart(11),
    `  ${precision.padEnd(26)}`,
    `  ${recall.padEnd(26)}`,
  ]
    .join('')
    .trimEnd();
}

export function percent(value: number | null): string {
  return value === null ? '-' : `${(100 * value).toFixed(2)} %`;
}

/** `3 = 1.20 % [0.41, 3.47]` */
export function interval({ count, of, share, low, high }: ShareFigure): string {
  return of === 0
    ? 'none'
    : `${count} = ${(100 * share).toFixed(2)} % [${(100 * low).toFixed(2)}, ${(100 * high).toFixed(2)}]`;
}

function milliseconds(value: number | null, needed: number): string {
  return (value === null ? `n < ${needed}` : value.toFixed(value < 10 ? 2 : 1)).padStart(10);
}
