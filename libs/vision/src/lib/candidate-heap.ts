/**
 * The best `capacity` cells of a score map, in fixed memory. Equal scores keep the earlier key, as a stable sort would,
 * so that the outcome does not depend on the order of arrival.
 */
export interface CandidateHeap {
  clear(): void;
  /** @param key position in the score map, below 2^31 */
  offer(score: number, key: number): void;
  /** Number of candidates held, after which `scores` and `keys` are ordered, best first. */
  sort(): number;
  readonly scores: Float64Array;
  readonly keys: Int32Array;
}

export function createCandidateHeap(capacity: number): CandidateHeap {
  const scores = new Float64Array(capacity);
  const keys = new Int32Array(capacity);
  let size = 0;

  const worse = (scoreA: number, keyA: number, scoreB: number, keyB: number): boolean =>
    scoreA < scoreB || (scoreA === scoreB && keyA > keyB);

  // Sifts the entry down from `at` within the first `length`; the root is the worst entry.
  const siftDown = (start: number, length: number): void => {
    const score = scores[start] ?? 0;
    const key = keys[start] ?? 0;
    let at = start;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= length) break;
      if (
        child + 1 < length &&
        worse(scores[child + 1] ?? 0, keys[child + 1] ?? 0, scores[child] ?? 0, keys[child] ?? 0)
      )
        child += 1;
      if (!worse(scores[child] ?? 0, keys[child] ?? 0, score, key)) break;
      scores[at] = scores[child] ?? 0;
      keys[at] = keys[child] ?? 0;
      at = child;
    }
    scores[at] = score;
    keys[at] = key;
  };

  const heapify = (): void => {
    for (let i = (size >> 1) - 1; i >= 0; i -= 1) siftDown(i, size);
  };

  return {
    scores,
    keys,
    clear() {
      size = 0;
    },
    offer(score, key) {
      if (size < capacity) {
        scores[size] = score;
        keys[size] = key;
        size += 1;
        // Below capacity nothing is ever compared, which is the usual case: a good board has a handful of candidates.
        if (size === capacity) heapify();
      } else if (worse(scores[0] ?? 0, keys[0] ?? 0, score, key)) {
        scores[0] = score;
        keys[0] = key;
        siftDown(0, size);
      }
    },
    sort() {
      heapify();
      for (let end = size - 1; end > 0; end -= 1) {
        const score = scores[0] ?? 0;
        const key = keys[0] ?? 0;
        scores[0] = scores[end] ?? 0;
        keys[0] = keys[end] ?? 0;
        siftDown(0, end);
        scores[end] = score;
        keys[end] = key;
      }
      return size;
    },
  };
}
