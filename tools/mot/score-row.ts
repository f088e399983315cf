import {
  addClearMot,
  clearMot,
  clearMotScores,
  hotaScore,
  identityScore,
  motSequence,
  type ClearMotCounts,
  type MotBox,
} from '@edge-blueprints/vision';
import type { KnownRow } from './known-figures.js';

export interface ScoreRow {
  readonly sequence: string;
  readonly run: string;
  readonly counts: ClearMotCounts;
  /** Distinct track ids in the result, and people in the truth. */
  readonly ids: number;
  readonly people: number;
  /** Per cent, and counts. */
  readonly figures: Readonly<Record<string, number>>;
}

export interface Check {
  readonly figure: string;
  readonly known: string;
  readonly own: string;
  readonly matches: boolean;
  readonly required: boolean;
  readonly source: string;
}

const perCent: ReadonlySet<string> = new Set(['IDF1', 'IDP', 'IDR', 'recall', 'precision', 'MOTA', 'MOTP', 'HOTA']);

export function scoreRow(sequence: string, run: string, truth: readonly MotBox[], result: readonly MotBox[]): ScoreRow {
  const pairs = motSequence(truth, result);
  const counts = clearMot(pairs);
  const clear = clearMotScores(counts);
  const identity = identityScore(pairs);
  return {
    sequence,
    run,
    counts,
    ids: pairs.tracks,
    people: pairs.objects,
    figures: {
      IDF1: 100 * identity.idf1,
      IDP: 100 * identity.precision,
      IDR: 100 * identity.recall,
      recall: 100 * clear.recall,
      precision: 100 * clear.precision,
      people: pairs.objects,
      MT: counts.mostlyTracked,
      PT: counts.partlyTracked,
      ML: counts.mostlyLost,
      FP: counts.falsePositives,
      FN: counts.falseNegatives,
      IDs: counts.idSwitches,
      FM: counts.fragmentations,
      MOTA: 100 * clear.mota,
      MOTP: 100 * clear.motp,
      HOTA: 100 * hotaScore(pairs).hota,
      ids: pairs.tracks,
    },
  };
}

/** A figure is the same when it prints the same, with as many digits as its source prints. */
export function checkRow(row: ScoreRow, known: KnownRow): Check[] {
  return known.figures.map(({ figure, value, required }) => {
    const digits = value.split('.')[1]?.length ?? 0;
    const own = (row.figures[figure] ?? Number.NaN).toFixed(digits);
    return { figure, known: value, own, matches: own === value, required, source: known.source };
  });
}

const columns = ['IDF1', 'recall', 'precision', 'MT', 'PT', 'ML', 'FP', 'FN', 'IDs', 'FM', 'MOTA', 'MOTP', 'HOTA'];
const width = (column: string): number => Math.max(6, column.length + 1);

export const tableHead = `${'sequence'.padEnd(16)}${'tracker'.padEnd(18)}${columns
  .map((column) => column.padStart(width(column)))
  .join('')}   ids / people`;

export function tableLine({ sequence, run, figures, ids, people }: ScoreRow): string {
  const cells = columns.map((column) =>
    (figures[column] ?? Number.NaN).toFixed(perCent.has(column) ? 1 : 0).padStart(width(column)),
  );
  return `${sequence.padEnd(16)}${run.padEnd(18)}${cells.join('')}   ${ids} / ${people}`;
}

/** One line a source: what is the same, and what is not. */
export function checkLines(checks: readonly Check[]): string[] {
  return [...new Set(checks.map(({ source }) => source))].map((source) => {
    const own = checks.filter((check) => check.source === source);
    const same = own.filter(({ matches }) => matches);
    const other = own.filter(({ matches }) => !matches);
    const parts = [
      ...(same.length > 0 ? [`match ${same.map(({ figure, known }) => `${figure} ${known}`).join(', ')}`] : []),
      ...other.map(
        ({ figure, known, own: mine, required }) =>
          `${required ? 'DIFFERS' : 'differs (not required)'} ${figure} ${known}, here ${mine}`,
      ),
    ];
    return `    ${parts.join('; ')} (${source})`;
  });
}

/** How many tracks stand for one person: ids are not people. */
export function fragmentationLine(run: string, rows: readonly ScoreRow[]): string {
  const counts = addClearMot(rows.map((row) => row.counts));
  const ids = rows.reduce((sum, row) => sum + row.ids, 0);
  const people = rows.reduce((sum, row) => sum + row.people, 0);
  return (
    `  ${run.padEnd(16)}${(ids / people).toFixed(2)} ids per person there (${ids} / ${people}), ` +
    `${(counts.objectTracks / counts.objectsFound).toFixed(2)} tracks per person found ` +
    `(${counts.objectTracks} / ${counts.objectsFound})`
  );
}
