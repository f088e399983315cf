import { UsageError, createRandom } from '@edge-blueprints/contracts';

/**
 * p-value of a two-sample statistic of indices into the pooled sample: the share of random splits with at least the
 * observed value, the observed one counted, (1 + #) / (1 + rounds) (Phipson and Smyth 2010). Exact at any sample size for
 * independent values; smallest possible value 1 / (1 + rounds).
 * @param statistic of the order of indices: the first `first` of `order` are one side
 * @throws UsageError `drift.permutations` for fewer than one round
 */
export function permutationTail(
  size: number,
  statistic: (order: Uint32Array) => number,
  options: { readonly rounds?: number; readonly seed: number },
): { readonly observed: number; readonly pValue: number } {
  const { rounds = 999, seed } = options;
  if (!(Number.isInteger(rounds) && rounds >= 1))
    throw new UsageError('drift.permutations', `At least one permutation was expected, got ${rounds}.`);
  const random = createRandom(seed);
  const order = Uint32Array.from({ length: size }, (_, i) => i);
  const observed = statistic(order);
  // Sums of the same numbers in another order differ in their last digits; equal splits must count as equal.
  const reach = observed - 1e-12 * Math.abs(observed);
  let reached = 1;
  for (let round = 0; round < rounds; round++) {
    for (let i = size - 1; i > 0; i--) {
      const j = random.integer(0, i);
      const kept = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = kept;
    }
    if (statistic(order) >= reach) reached += 1;
  }
  return { observed, pValue: reached / (rounds + 1) };
}
