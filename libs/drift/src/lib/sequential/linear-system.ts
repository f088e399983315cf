/**
 * Solves a x = b in place by elimination with row pivots; for the few hundred states of a run-length equation.
 * @param a row-major, n x n, overwritten
 * @param b length n, overwritten by the answer
 */
export function solveLinearSystem(a: Float64Array, b: Float64Array): Float64Array {
  const n = b.length;
  const at = (row: number, column: number): number => a[row * n + column] ?? 0;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) if (Math.abs(at(row, column)) > Math.abs(at(pivot, column))) pivot = row;
    if (pivot !== column) swapRows(a, b, n, pivot, column);
    for (let row = column + 1; row < n; row++) {
      const factor = at(row, column) / at(column, column);
      if (factor === 0) continue;
      for (let k = column; k < n; k++) a[row * n + k] = at(row, k) - factor * at(column, k);
      b[row] = (b[row] ?? 0) - factor * (b[column] ?? 0);
    }
  }
  for (let row = n - 1; row >= 0; row--) {
    let sum = b[row] ?? 0;
    for (let k = row + 1; k < n; k++) sum -= at(row, k) * (b[k] ?? 0);
    b[row] = sum / at(row, row);
  }
  return b;
}

function swapRows(a: Float64Array, b: Float64Array, n: number, one: number, other: number): void {
  for (let k = 0; k < n; k++) {
    const kept = a[one * n + k] ?? 0;
    a[one * n + k] = a[other * n + k] ?? 0;
    a[other * n + k] = kept;
  }
  const kept = b[one] ?? 0;
  b[one] = b[other] ?? 0;
  b[other] = kept;
}
