/**
 * Modified Bessel function of the second kind K_v(x), x > 0, times e^x: integral of exp(-x (cosh t - 1)) cosh(v t) over
 * t >= 0 (Abramowitz and Stegun 9.6.24). The integrand falls double-exponentially, so the trapezoidal rule converges
 * exponentially in its step.
 */
export function scaledBesselK(order: number, x: number): number {
  const step = 1 / 32;
  let sum = 0.5;
  for (let k = 1; ; k++) {
    const t = k * step;
    const term = Math.exp(-x * (Math.cosh(t) - 1)) * Math.cosh(order * t);
    sum += term;
    if (term < sum * 1e-18) return sum * step;
  }
}
