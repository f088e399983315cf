import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';

export interface LabelledStream {
  readonly name: string;
  readonly rows: readonly Float64Array[];
  readonly labels: Uint8Array;
  /** Per column the number of its categories, 0 for a number. */
  readonly categories: readonly number[];
  /** First row that may be called changed, and the last, of each change; null where nobody knows. */
  readonly changes: readonly { readonly from: number; readonly until: number }[] | null;
}

/** Rows in which a detection counts as one of the change before. */
const acceptRows = 2000;
/** More different values than this are a number, not a category. */
const mostCategories = 10;

const abrupt = [10_000, 20_000, 30_000].map((from) => ({ from, until: from + acceptRows }));
/** Centred there; half of the rows are of the new kind at the centre, a fiftieth 1,000 rows before. */
const gradual = [10_000, 20_500, 31_500].map((at) => ({ from: at - 1000, until: at + acceptRows }));

export const streamFiles: readonly { readonly file: string; readonly changes: LabelledStream['changes'] }[] = [
  { file: 'known-drift/sea_0123_abrupto_noise_0.2.csv', changes: abrupt },
  { file: 'known-drift/sine_0123_abrupto.csv', changes: abrupt },
  { file: 'known-drift/mixed_1010_abrupto.csv', changes: abrupt },
  { file: 'known-drift/stagger_0120_abrupto.csv', changes: abrupt },
  { file: 'known-drift/sine_0123_gradual.csv', changes: gradual },
  { file: 'sea_stream.csv', changes: [] },
  { file: 'elec.csv', changes: null },
  { file: 'weather.csv', changes: null },
];

/** Numbers separated by commas under a header; the last column is the class, 0 or 1. @throws ConfigError `demo.drift-stream` */
export async function readStream(
  folder: string,
  { file, changes }: (typeof streamFiles)[number],
): Promise<LabelledStream> {
  const lines = (await readFile(join(folder, file), 'utf8')).trim().split('\n').slice(1);
  const table = lines.map((line) => Float64Array.from(line.split(','), Number));
  const columns = (table[0]?.length ?? 1) - 1;
  const wrong = table.findIndex(
    (row) =>
      row.length !== columns + 1 ||
      row.some((value) => !Number.isFinite(value)) ||
      ![0, 1].includes(row[columns] ?? NaN),
  );
  if (wrong >= 0)
    throw new ConfigError(
      'demo.drift-stream',
      `${file}, line ${wrong + 2}: ${columns} numbers and a class of 0 or 1 were expected.`,
    );
  const categories = Array.from({ length: columns }, (_, c) => {
    const values = new Set(table.map((row) => row[c] ?? 0));
    return values.size <= mostCategories && [...values].every((value) => Number.isInteger(value) && value >= 0)
      ? Math.max(...values) + 1
      : 0;
  });
  return {
    name: file.replace(/^.*\//, '').replace('.csv', ''),
    rows: table.map((row) => row.subarray(0, columns)),
    labels: Uint8Array.from(table, (row) => row[columns] ?? 0),
    categories,
    changes,
  };
}
