/**
 * Solves a x = b for a symmetric positive definite matrix (row-major n x n) by Cholesky. Undefined where a pivot falls
 * below `tolerance` times its diagonal element: the unknowns are then not fixed by the equations.
 */
export function solveSymmetric(a: readonly number[], b: readonly number[], tolerance: number): number[] | undefined {
  const n = b.length;
  const l = new Array<number>(n * n).fill(0);
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let sum = a[i * n + j] ?? 0;
      for (let k = 0; k < j; k += 1) sum -= (l[i * n + k] ?? 0) * (l[j * n + k] ?? 0);
      if (i === j) {
        if (!(sum > tolerance * (a[i * n + i] ?? 0))) return undefined;
        l[i * n + i] = Math.sqrt(sum);
      } else {
        l[i * n + j] = sum / (l[j * n + j] ?? 1);
      }
    }
  }
  const x = [...b];
  for (let i = 0; i < n; i += 1) {
    let sum = x[i] ?? 0;
    for (let k = 0; k < i; k += 1) sum -= (l[i * n + k] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (l[i * n + i] ?? 1);
  }
  for (let i = n - 1; i >= 0; i -= 1) {
    let sum = x[i] ?? 0;
    for (let k = i + 1; k < n; k += 1) sum -= (l[k * n + i] ?? 0) * (x[k] ?? 0);
    x[i] = sum / (l[i * n + i] ?? 1);
  }
  return x;
}

/** Sums of the normal equations: `row` is one equation, row . x = value. Both sums are changed. */
export function addEquation(ata: number[], atb: number[], row: readonly number[], value: number): void {
  const n = atb.length;
  for (let i = 0; i < n; i += 1) {
    const r = row[i] ?? 0;
    if (r === 0) continue;
    atb[i] = (atb[i] ?? 0) + r * value;
    for (let j = 0; j < n; j += 1) ata[i * n + j] = (ata[i * n + j] ?? 0) + r * (row[j] ?? 0);
  }
}
