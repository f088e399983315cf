import type { Random } from '@edge-blueprints/contracts';

/**
 * A value that wanders about 0 with this standard deviation and forgets over `tauS`: the exact discretisation of an
 * Ornstein-Uhlenbeck process at knots `knotSteps` apart, straight lines between them. Slow values need few knots, which is
 * what makes a week of a ward cheap.
 */
export function createWander(random: Random, dtS: number, tauS: number, sd: number, knotSteps = 1): () => number {
  const keep = Math.exp((-dtS * knotSteps) / tauS);
  const push = sd * Math.sqrt(1 - keep * keep);
  let from = 0;
  let to = sd * random.normal();
  let step = knotSteps;
  return () => {
    if (step >= knotSteps) {
      step = 0;
      from = to;
      to = to * keep + push * random.normal();
    }
    step += 1;
    return from + ((to - from) * step) / knotSteps;
  };
}
