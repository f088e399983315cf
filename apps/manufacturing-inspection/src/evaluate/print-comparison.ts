import type { VariantComparison } from './compare-variants.js';
import type { DetectionFigures } from './figures.js';
import { interval, percent } from './print-figures.js';

/** The classical baseline beside the model, on the same pairs. */
export function printBaseline(baseline: DetectionFigures, model: DetectionFigures): string {
  const { precision, recall, f } = baseline.atVerdict;
  return lines([
    '',
    `template difference, no model, on the same ${baseline.pairs} pairs (the model in brackets)`,
    `F                       ${percent(f)} (at verdict thresholds ${percent(model.atVerdict.f)}, best ${percent(model.bestF?.f ?? null)})`,
    `precision               ${interval(precision)} (${percent(model.atVerdict.precision.share)})`,
    `recall                  ${interval(recall)} (${percent(model.atVerdict.recall.share)})`,
    `mAP                     ${percent(baseline.map)} (${percent(model.map)})`,
    ...baseline.perClass.map(
      ({ label, ap }, i) => `AP ${label.padEnd(20)} ${percent(ap)} (${percent(model.perClass[i]?.ap ?? null)})`,
    ),
  ]);
}

export function printComparison(each: VariantComparison): string {
  const row = (label: string, a: number | null, b: number | null, difference: number | null): string =>
    [label.padEnd(12), percent(a).padStart(12), percent(b).padStart(12), points(difference).padStart(12)].join('');
  return lines([
    '',
    `${each.variant} against ${each.against} on ${each.frames} identical frames; average precision on the labelled ones`,
    ['class'.padEnd(12), ...[each.variant, each.against, 'points'].map((name) => name.padStart(12))].join(''),
    ...each.perClass.map(({ label, ap, apAgainst, difference }) => row(label, ap, apAgainst, difference)),
    row('mAP', each.map, each.mapAgainst, each.difference),
    `verdict flips           pass to reject ${interval(each.passToReject)}; reject to pass ${interval(each.rejectToPass)}`,
    ...(each.flipped.length === 0 ? [] : [`flipped                 ${each.flipped.join(' ')}`]),
  ]);
}

function points(difference: number | null): string {
  if (difference === null) return '-';
  const text = (100 * Math.abs(difference)).toFixed(2);
  return `${Number(text) === 0 ? '' : difference < 0 ? '-' : '+'}${text}`;
}

function lines(text: readonly string[]): string {
  return `${text.join('\n')}\n`;
}
