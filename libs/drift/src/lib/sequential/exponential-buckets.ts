/** Row r holds buckets of 2^r samples: 48 rows are more samples than a device will ever see. */
const rows = 48;

/** A window as buckets of 1, 2, 4, ... samples, fine at the new end and coarse at the old one. Fixed memory, no allocation. */
export interface ExponentialBuckets {
  add(value: number): void;
  dropOldest(): void;
  clear(): void;
  readonly samples: number;
  readonly sum: number;
  /** Of all samples in the window (divided by n). */
  readonly variance: number;
  /** Asks at each border between two buckets, oldest first, with the samples and the sum before it; stops at the first yes. */
  someBorder(ask: (samplesBefore: number, sumBefore: number) => boolean): boolean;
}

/** @param maxBuckets of one size, before the two oldest are merged */
export function createExponentialBuckets(maxBuckets: number): ExponentialBuckets {
  const width = maxBuckets + 1;
  const sums = new Float64Array(rows * width);
  /** Sum of squared deviations within each bucket. */
  const squares = new Float64Array(rows * width);
  const used = new Int32Array(rows);
  let samples = 0;
  let sum = 0;
  let square = 0;
  let topRow = 0;

  const append = (row: number, bucketSum: number, bucketSquare: number): void => {
    const at = row * width + (used[row] ?? 0);
    sums[at] = bucketSum;
    squares[at] = bucketSquare;
    used[row] = (used[row] ?? 0) + 1;
    if (row > topRow) topRow = row;
  };
  const removeFirst = (row: number, count: number): void => {
    const from = row * width;
    const end = from + (used[row] ?? 0);
    sums.copyWithin(from, from + count, end);
    squares.copyWithin(from, from + count, end);
    used[row] = (used[row] ?? 0) - count;
  };
  const mergeFullRows = (): void => {
    for (let row = 0; row < rows - 1 && (used[row] ?? 0) === width; row++) {
      const size = 2 ** row;
      const first = row * width;
      const sumA = sums[first] ?? 0;
      const sumB = sums[first + 1] ?? 0;
      const between = ((sumA - sumB) * (sumA - sumB)) / (2 * size);
      append(row + 1, sumA + sumB, (squares[first] ?? 0) + (squares[first + 1] ?? 0) + between);
      removeFirst(row, 2);
    }
  };
  return {
    add(value) {
      if (samples > 0) square += ((value - sum / samples) ** 2 * samples) / (samples + 1);
      samples += 1;
      sum += value;
      append(0, value, 0);
      mergeFullRows();
    },
    dropOldest() {
      while (topRow > 0 && used[topRow] === 0) topRow -= 1;
      if ((used[topRow] ?? 0) === 0) return;
      const size = 2 ** topRow;
      const bucketSum = sums[topRow * width] ?? 0;
      const bucketSquare = squares[topRow * width] ?? 0;
      removeFirst(topRow, 1);
      samples -= size;
      sum -= bucketSum;
      if (samples === 0) square = 0;
      else {
        const apart = bucketSum / size - sum / samples;
        square = Math.max(0, square - bucketSquare - (apart * apart * size * samples) / (size + samples));
      }
    },
    clear() {
      used.fill(0);
      samples = 0;
      sum = 0;
      square = 0;
      topRow = 0;
    },
    get samples() {
      return samples;
    },
    get sum() {
      return sum;
    },
    get variance() {
      return samples === 0 ? 0 : square / samples;
    },
    someBorder(ask) {
      let before = 0;
      let sumBefore = 0;
      for (let row = topRow; row >= 0; row--) {
        const size = 2 ** row;
        const count = used[row] ?? 0;
        for (let i = 0; i < count; i++) {
          before += size;
          sumBefore += sums[row * width + i] ?? 0;
          if (before < samples && ask(before, sumBefore)) return true;
        }
      }
      return false;
    },
  };
}
