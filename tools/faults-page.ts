// What the pages of faults (docs/faults-*.md) say, row by row: faults of the catalogue by number, and the tests that hold them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** The text of a link is the title of a test, or a word of a suite; its target is the file. */
export interface TestLink {
  readonly title: string;
  readonly file: string;
}

export interface FaultRow {
  readonly text: string;
  /** Of the catalogue; none for a fault that has no number there. */
  readonly numbers: readonly number[];
  readonly kind: string;
  readonly tests: readonly TestLink[];
}

export interface FaultsPage {
  readonly rows: readonly FaultRow[];
  /** Numbers that the page names as not built. */
  readonly notBuilt: readonly number[];
}

export function readFaultsPage(file: string): FaultsPage {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  const notBuilt = lines.filter((line) => line.startsWith('Not built yet:')).join(' ');
  return {
    rows: lines
      .filter((line) => /^\| (\d|–)/.test(line))
      .map((text) => {
        const [, numbers = '', , , kind = ''] = text.split(/ ?\| ?/);
        return { text, numbers: numbersOf(numbers), kind, tests: linksOf(text) };
      }),
    notBuilt: numbersOf(notBuilt.replaceAll(/\([^)]*\)/g, '')),
  };
}

/** Links to files that are not there, or whose file does not have the title. */
export function wrongLinks(rows: readonly FaultRow[]): readonly string[] {
  return rows
    .flatMap(({ tests }) => tests)
    .flatMap(({ title, file }) => {
      if (!existsSync(join(root, file))) return [`${file} is not there`];
      return readFileSync(join(root, file), 'utf8').includes(title) ? [] : [`${file} has no ${title}`];
    });
}

function linksOf(row: string): readonly TestLink[] {
  return [...row.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+)\)/g)].map(([, title = '', file = '']) => ({ title, file }));
}

/** `46`, `49-51` */
function numbersOf(text: string): readonly number[] {
  return [...text.matchAll(/\b(\d+)(?:-(\d+))?\b/g)].flatMap(([, from = '', to = from]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i),
  );
}
