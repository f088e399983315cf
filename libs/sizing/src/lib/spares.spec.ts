import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arrheniusFactor, poissonStock } from './spares.js';

describe('poissonStock', () => {
  // Tables of the Poisson distribution: P(X <= 4 | 2) = 0.9473, P(X <= 5 | 2) = 0.9834; P(X <= 15 | 10) = 0.9513.
  it.each([
    [2, 0.94, 4],
    [2, 0.95, 5],
    [2, 0.99, 6],
    [10, 0.95, 15],
    [0.05, 0.95, 0],
    [0.06, 0.95, 1],
    [0, 0.99, 0],
  ])('for %f expected failures and a service level of %f holds %i', (mean, level, stock) => {
    expect(poissonStock(mean, level)).toBe(stock);
  });

  it('does not underflow for thousands: within one standard deviation of the normal quantile', () => {
    expect(Math.abs(poissonStock(700, 0.95) - (700 + 1.645 * Math.sqrt(700)))).toBeLessThan(2);
    expect(Math.abs(poissonStock(5000, 0.95) - (5000 + 1.645 * Math.sqrt(5000)))).toBeLessThan(2);
  });

  it('never asks for fewer spares when more is expected, or more service wanted', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 3000, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        fc.double({ min: 0.5, max: 0.999, noNaN: true }),
        (mean, more, level) => {
          expect(poissonStock(mean + more, level)).toBeGreaterThanOrEqual(poissonStock(mean, level));
          expect(poissonStock(mean, Math.min(0.9999, level + 0.0005))).toBeGreaterThanOrEqual(
            poissonStock(mean, level),
          );
        },
      ),
    );
  });
});

describe('arrheniusFactor', () => {
  it('is that of the NIST/SEMATECH handbook 8.1.5.1: 133 from 25 to 125 °C at 0.5 eV, 17,597 at 1 eV', () => {
    expect(arrheniusFactor(0.5, 25, 125)).toBeCloseTo(133, -0.5);
    expect(arrheniusFactor(1, 25, 125) / 17_597).toBeCloseTo(1, 1);
  });
});
