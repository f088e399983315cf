import { describe, expect, it } from 'vitest';
import { readFaultsPage, wrongLinks } from './faults-page.js';

describe.each([
  { file: 'docs/faults-fleet.md', first: 1, last: 68, fewestRows: 26 },
  { file: 'docs/faults-retail.md', first: 53, last: 82, fewestRows: 30 },
  { file: 'docs/faults-ward.md', first: 1, last: 26, fewestRows: 29 },
])('$file', ({ file, first, last, fewestRows }) => {
  const { rows, notBuilt } = readFaultsPage(file);

  it('names tests that exist', () => {
    expect(wrongLinks(rows)).toEqual([]);
    expect(rows.length).toBeGreaterThanOrEqual(fewestRows);
  });

  it('has a test and a kind in every row', () => {
    for (const { text, tests, kind } of rows) {
      expect(tests, text).not.toEqual([]);
      expect(kind, text).toMatch(/^[ARF](, [ARF])*$/);
    }
  });

  it('says of every fault of the catalogue whether it is tested or not built yet', () => {
    const told = new Set([...rows.flatMap(({ numbers }) => numbers), ...notBuilt]);
    const all = Array.from({ length: last - first + 1 }, (_, i) => first + i);
    expect(all.filter((number) => !told.has(number))).toEqual([]);
  });
});
