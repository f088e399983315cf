import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/faults-fleet.md'), 'utf8');
const rows = page.split('\n').filter((line) => /^\| (\d|–)/.test(line));
/** The text of a link is the title of a test, or a word of a suite; its target is the file. */
const linksOf = (row: string) =>
  [...row.matchAll(/\[([^\]]+)\]\(\.\.\/([^)]+)\)/g)].map(([, title = '', file = '']) => ({ title, file }));
/** `46`, `49-51` */
const numbersOf = (text: string): readonly number[] =>
  [...text.matchAll(/\b(\d+)(?:-(\d+))?\b/g)].flatMap(([, from = '', to = from]) =>
    Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => Number(from) + i),
  );

describe('docs/faults-fleet.md', () => {
  it('names tests that exist', () => {
    const wrong = rows.flatMap(linksOf).flatMap(({ title, file }) => {
      if (!existsSync(join(root, file))) return [`${file} is not there`];
      return readFileSync(join(root, file), 'utf8').includes(title) ? [] : [`${file} has no ${title}`];
    });
    expect(wrong).toEqual([]);
    expect(rows.length).toBeGreaterThan(25);
  });

  it('has a test and a kind in every row', () => {
    for (const row of rows) {
      expect(linksOf(row), row).not.toEqual([]);
      expect(row.split(' | ')[3], row).toMatch(/^[ARF](, [ARF])*$/);
    }
  });

  it('says of every fault of the catalogue whether it is tested or not built yet', () => {
    const tested = rows.flatMap((row) => numbersOf(row.split('|')[1] ?? ''));
    const notBuilt = page.split('\n').filter((line) => line.startsWith('Not built yet:'));
    const told = new Set([...tested, ...numbersOf(notBuilt.join(' ').replaceAll(/\([^)]*\)/g, ''))]);
    expect(Array.from({ length: 68 }, (_, i) => i + 1).filter((n) => !told.has(n))).toEqual([]);
  });
});
