/**
 * Where a decreasing function crosses `target` between `low` and `high`, by bisection down to neighbouring doubles. Slow
 * (some 60 to 1,100 calls) and certain; thresholds are solved once, not per sample.
 */
export function invertDecreasing(f: (x: number) => number, target: number, low: number, high: number): number {
  let [a, b] = [low, high];
  for (;;) {
    const middle = a + (b - a) / 2;
    if (middle <= a || middle >= b) return middle;
    if (f(middle) > target) a = middle;
    else b = middle;
  }
}
