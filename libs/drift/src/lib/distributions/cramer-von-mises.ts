import { scaledBesselK } from './bessel.js';
import { logGamma } from './gamma.js';

/**
 * P(W > x) of the limit of the Cramer-von Mises statistic (Anderson and Darling 1952; Csorgo and Faraway 1996):
 * 1 - pi^(-3/2) x^(-1/2) sum_k Gamma(k + 1/2) / k! sqrt(4k + 1) e^-q K_{1/4}(q), q = (4k + 1)^2 / (16 x).
 */
export function cramerVonMisesLimitTail(x: number): number {
  if (x <= 0.002) return 1;
  let sum = 0;
  for (let k = 0; k < 200; k++) {
    const y = 4 * k + 1;
    const q = (y * y) / (16 * x);
    if (q > 350) break;
    const term = Math.exp(logGamma(k + 0.5) - logGamma(k + 1) - 2 * q) * Math.sqrt(y) * scaledBesselK(0.25, q);
    sum += term;
    if (term < sum * 1e-17) break;
  }
  return Math.min(1, Math.max(0, 1 - sum / (Math.PI ** 1.5 * Math.sqrt(x))));
}
