import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellOf, heightOf, layOutMatrix, moved, siteRuns, under } from './matrix-layout.js';
import type { MatrixMove } from './matrix-layout.js';

const sites = (counts: readonly number[]) =>
  siteRuns(counts.flatMap((count, n) => Array.from({ length: count }, () => ({ site: `s${n}` }))));
const counts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 25 });
const width = fc.integer({ min: 500, max: 1900 });

describe('siteRuns', () => {
  it('finds each site once in an ordered list', () => {
    expect(sites([2, 3])).toEqual([
      { site: 's0', first: 0, count: 2 },
      { site: 's1', first: 2, count: 3 },
    ]);
  });
});

describe('layOutMatrix', () => {
  it('gives every device a place of its own inside the width, and finds it again under its middle', () => {
    fc.assert(
      fc.property(counts, width, (each, wide) => {
        const layout = layOutMatrix(sites(each), wide, 600, 150);
        const total = each.reduce((a, b) => a + b, 0);
        const taken = new Set<string>();
        for (let index = 0; index < total; index++) {
          const cell = cellOf(layout, index);
          if (cell === null) throw new RangeError(`no cell ${index}`);
          taken.add(`${cell.left},${cell.top}`);
          const middle = layout.pitch / 2;
          const inside = cell.left + layout.pitch <= wide && cell.top + layout.pitch <= Math.max(layout.height, 36);
          const found = under(layout, cell.left + middle, cell.top + middle);
          if (!inside || found?.kind !== 'device' || found.index !== index)
            throw new RangeError(`cell ${index} at ${cell.left}, ${cell.top}`);
        }
        expect(taken.size).toBe(total);
      }),
      { numRuns: 25 },
    );
  });

  it('never lets two sites overlap', () => {
    fc.assert(
      fc.property(counts, width, (each, wide) => {
        const layout = layOutMatrix(sites(each), wide, 600, 150);
        for (const [n, a] of layout.blocks.entries())
          for (const b of layout.blocks.slice(n + 1))
            if (a.left === b.left) expect(b.top).toBeGreaterThanOrEqual(a.top + heightOf(layout, a));
      }),
      { numRuns: 40 },
    );
  });

  it('shows ten thousand devices of forty sites on a wall without scrolling', () => {
    const layout = layOutMatrix(sites(Array.from({ length: 40 }, () => 250)), 1860, 700, 112);
    expect(layout.height).toBeLessThanOrEqual(700);
    expect(layout.pitch).toBe(9);
    expect(layOutMatrix(sites(Array.from({ length: 40 }, () => 250)), 1230, 500, 112).pitch).toBe(11);
  });

  it('uses large cells where there is room', () => {
    expect(layOutMatrix(sites([5]), 1200, 500, 150).pitch).toBe(36);
  });

  it('says nothing about points beside the devices', () => {
    const layout = layOutMatrix(sites([5]), 1200, 500, 150);
    expect(under(layout, 20, 10)).toEqual({ kind: 'site', site: 's0' });
    expect(under(layout, 150 + 36 * 5 + 4, 10)).toBeNull();
    expect(under(layout, 200, 400)).toBeNull();
  });
});

describe('moved', () => {
  it('never leaves the matrix, and goes back where it came from inside a row', () => {
    const moves = fc.constantFrom<MatrixMove[]>('left', 'right', 'up', 'down', 'next-site', 'previous-site');
    fc.assert(
      fc.property(counts, width, fc.array(moves, { maxLength: 30 }), (each, wide, path) => {
        const layout = layOutMatrix(sites(each), wide, 600, 150);
        const total = each.reduce((a, b) => a + b, 0);
        let at = 0;
        for (const move of path) {
          at = moved(layout, at, move);
          expect(at).toBeGreaterThanOrEqual(0);
          expect(at).toBeLessThan(total);
        }
        if (at + 1 < total) expect(moved(layout, moved(layout, at, 'right'), 'left')).toBe(at);
      }),
      { numRuns: 60 },
    );
  });

  it('reaches every row with down alone when sites stand below each other', () => {
    const layout = layOutMatrix(sites([300, 300]), 700, 10_000, 150);
    let at = 0;
    const seen = new Set([0]);
    for (let n = 0; n < 700; n++) {
      at = moved(layout, at, 'down');
      seen.add(cellOf(layout, at)?.top ?? -1);
    }
    expect(at).toBeGreaterThanOrEqual(300);
  });
});
