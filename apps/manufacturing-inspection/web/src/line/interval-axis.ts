const ends = [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1];

/** The end of an axis for shares: the smallest round share that holds the interval, so that it seldom changes. */
export function intervalAxis(high: number): number {
  return ends.find((end) => end >= high) ?? 1;
}
