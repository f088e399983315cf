const z95 = 1.959964;

/**
 * 95 % interval of a count of independent events, by Byar's approximation of the exact Poisson limits.
 * Source: N. E. Breslow, N. E. Day, Statistical Methods in Cancer Research II, IARC 1987, 69.
 */
export function countInterval(count: number): readonly [low: number, high: number] {
  const cube = (n: number, side: 1 | -1): number => n * (1 - 1 / (9 * n) + (side * z95) / (3 * Math.sqrt(n))) ** 3;
  return [count === 0 ? 0 : cube(count, -1), cube(count + 1, 1)];
}
