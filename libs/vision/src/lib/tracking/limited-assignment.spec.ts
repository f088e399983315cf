import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAssigner } from './limited-assignment.js';

const total = (costs: Float64Array, columns: number, pairs: ArrayLike<number>, limit: number): number => {
  let [sum, pairsMade] = [0, 0];
  Array.from(pairs).forEach((column, row) => {
    if (column === -1) return;
    sum += costs[row * columns + column] ?? NaN;
    pairsMade += 1;
  });
  return sum + (limit / 2) * (pairs.length + columns - 2 * pairsMade);
};

/** Every way to pair rows with columns, staying alone included. */
function bruteForce(costs: Float64Array, rows: number, columns: number, limit: number): number {
  let best = Infinity;
  const pairs = new Array<number>(rows).fill(-1);
  const choose = (row: number, taken: ReadonlySet<number>): void => {
    if (row === rows) {
      best = Math.min(best, total(costs, columns, pairs, limit));
      return;
    }
    pairs[row] = -1;
    choose(row + 1, taken);
    for (let column = 0; column < columns; column += 1) {
      if (taken.has(column) || !Number.isFinite(costs[row * columns + column])) continue;
      pairs[row] = column;
      choose(row + 1, new Set([...taken, column]));
    }
    pairs[row] = -1;
  };
  choose(0, new Set());
  return best;
}

describe('limited assignment', () => {
  it('differs from assigning everything and dropping the dear pairs: the cheaper pair is made', () => {
    // Everything at once takes 0-1 and 1-0 (0.7 + 0.75 against 0.6 + 0.9); dropping at 0.72 then leaves 0-1 alone.
    const costs = Float64Array.of(0.6, 0.7, 0.75, 0.9);
    expect([...createAssigner()(costs, 2, 2, 10)]).toEqual([1, 0]);
    // With the limit in the sum 0-0 is best: 0.6 + 0.72 against 0.7 + 0.72.
    expect([...createAssigner()(costs, 2, 2, 0.72)]).toEqual([0, -1]);
  });

  it('gives up a pair of its own when that serves the whole', () => {
    // Row 0 alone would take column 0; row 1 has nothing else.
    expect([...createAssigner()(Float64Array.of(0.1, 0.3, 0.2, NaN), 2, 2, 0.8)]).toEqual([1, 0]);
  });

  it('pairs nothing at the limit or above, nor what is not a number', () => {
    expect([...createAssigner()(Float64Array.of(0.5, NaN, Infinity, 0.7), 2, 2, 0.5)]).toEqual([-1, -1]);
    expect([...createAssigner()(new Float64Array(0), 0, 3, 1)]).toEqual([]);
    expect([...createAssigner()(new Float64Array(0), 2, 0, 1)]).toEqual([-1, -1]);
  });

  it('costs as little as the best of all ways, for any matrix and limit, with memory that is used again', () => {
    const assign = createAssigner();
    const cost = fc.oneof(
      { weight: 5, arbitrary: fc.integer({ min: -20, max: 20 }).map((n) => n / 8) },
      { weight: 1, arbitrary: fc.constantFrom(NaN, Infinity) },
    );
    const problem = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 })).chain(([rows, columns]) =>
      fc.record({
        rows: fc.constant(rows),
        columns: fc.constant(columns),
        costs: fc.array(cost, { minLength: rows * columns, maxLength: rows * columns }),
        limit: fc.integer({ min: -8, max: 24 }).map((n) => n / 8),
      }),
    );
    fc.assert(
      fc.property(problem, ({ rows, columns, costs: list, limit }) => {
        const costs = Float64Array.from(list);
        const pairs = [...assign(costs, rows, columns, limit)];
        const made = pairs.filter((column) => column !== -1);
        expect(new Set(made).size).toBe(made.length);
        expect(total(costs, columns, pairs, limit)).toBeCloseTo(bruteForce(costs, rows, columns, limit), 9);
      }),
      { numRuns: 400 },
    );
  });
});
