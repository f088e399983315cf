/** A classifier of two classes that learns one row at a time. */
export interface OnlineClassifier {
  predict(row: ArrayLike<number>): 0 | 1;
  learn(row: ArrayLike<number>, label: 0 | 1): void;
  reset(): void;
}

/** Below this a variance would make one value certain. */
const leastVariance = 1e-9;

/**
 * Naive Bayes: a normal distribution a class and column, or counts where the column is a category.
 * @param categories per column the number of its categories, 0 for a number
 */
export function createNaiveBayes(categories: readonly number[]): OnlineClassifier {
  const columns = categories.length;
  const seen = [0, 0];
  const means = [new Float64Array(columns), new Float64Array(columns)] as const;
  const squares = [new Float64Array(columns), new Float64Array(columns)] as const;
  const counts = ([0, 1] as const).map(() => categories.map((size) => new Float64Array(size)));
  const logLikelihood = (label: 0 | 1, row: ArrayLike<number>): number => {
    const n = seen[label] ?? 0;
    let sum = Math.log((n + 1) / ((seen[0] ?? 0) + (seen[1] ?? 0) + 2));
    for (let c = 0; c < columns; c++) {
      const value = row[c] ?? 0;
      const size = categories[c] ?? 0;
      if (size > 0) sum += Math.log(((counts[label]?.[c]?.[value] ?? 0) + 1) / (n + size));
      else if (n >= 2) {
        const variance = Math.max(leastVariance, (squares[label][c] ?? 0) / (n - 1));
        sum -= (Math.log(variance) + (value - (means[label][c] ?? 0)) ** 2 / variance) / 2;
      }
    }
    return sum;
  };
  return {
    predict: (row) => (logLikelihood(1, row) > logLikelihood(0, row) ? 1 : 0),
    learn(row, label) {
      const n = (seen[label] ?? 0) + 1;
      seen[label] = n;
      for (let c = 0; c < columns; c++) {
        const value = row[c] ?? 0;
        const column = counts[label]?.[c];
        if (column !== undefined && column.length > 0) column[value] = (column[value] ?? 0) + 1;
        const before = value - (means[label][c] ?? 0);
        means[label][c] = (means[label][c] ?? 0) + before / n;
        squares[label][c] = (squares[label][c] ?? 0) + before * (value - (means[label][c] ?? 0));
      }
    },
    reset() {
      seen.fill(0);
      for (const label of [0, 1] as const) {
        means[label].fill(0);
        squares[label].fill(0);
        for (const column of counts[label] ?? []) column.fill(0);
      }
    },
  };
}
