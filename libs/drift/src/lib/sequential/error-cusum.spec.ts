import { createRandom } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { createErrorCusum } from './error-cusum.js';
import { errorCusumSteps, errorRunLength } from './error-run-length.js';

describe('errorRunLength', () => {
  // Closed forms. Limit 1, up 1: the first error raises, 1 / rate. Limit 2, up 1, down 1: L0 = 1 + p L1 + q L0, L1 = 1 + q L0,
  // so L0 = (1 + p) / p^2. Never down in effect (limit 2, up 1, down 0 is two errors): 2 / p.
  it('is the closed form of small chains', () => {
    for (const rate of [0.05, 0.2, 0.6]) {
      expect(errorRunLength(rate, { up: 1, down: 1, limit: 1 })).toBeCloseTo(1 / rate, 9);
      expect(errorRunLength(rate, { up: 1, down: 1, limit: 2 })).toBeCloseTo((1 + rate) / rate ** 2, 8);
      expect(errorRunLength(rate, { up: 1, down: 0, limit: 2 })).toBeCloseTo(2 / rate, 9);
    }
  });

  it.each([
    [0.2, 0.1, 500],
    [0.03, 0.05, 1000],
    [0.5, 0.1, 300],
  ])('agrees with a seeded simulation within a tenth: rate %d, rise %d, run %d', (rate, rise, samples) => {
    const steps = errorCusumSteps(rate, rise, samples);
    const cusum = createErrorCusum({ rate, rise, samplesBetweenFalseAlarms: samples });
    const random = createRandom(17);
    let seen = 0;
    const runs = 1500;
    for (let run = 0; run < runs; run++) {
      do seen += 1;
      while (!cusum.update(random.next() < rate ? 1 : 0));
    }
    expect(seen / runs / errorRunLength(rate, steps)).toBeGreaterThan(0.9);
    expect(seen / runs / errorRunLength(rate, steps)).toBeLessThan(1.1);
  });
});

describe('errorCusumSteps', () => {
  it.each([100, 10_000, 2_629_746])('promise at least %d samples, and one step less would not', (samples) => {
    for (const [rate, rise] of [
      [0.01, 0.05],
      [0.2, 0.1],
      [0.4, 0.2],
    ] as const) {
      const steps = errorCusumSteps(rate, rise, samples);
      expect(errorRunLength(rate, steps)).toBeGreaterThanOrEqual(samples);
      expect(errorRunLength(rate, { ...steps, limit: steps.limit - 1 })).toBeLessThan(samples);
    }
  });

  it('refuse what has no answer', () => {
    expect(() => errorCusumSteps(0, 0.1, 1000)).toThrow(/0 < rate/);
    expect(() => errorCusumSteps(0.95, 0.1, 1000)).toThrow(/below 1/);
  });
});

describe('createErrorCusum', () => {
  it('finds a doubled error rate, and where it began', () => {
    const random = createRandom(5);
    const cusum = createErrorCusum({ rate: 0.2, rise: 0.2, samplesBetweenFalseAlarms: 1e6 });
    for (let i = 0; i < 5000; i++) expect(cusum.update(random.next() < 0.2 ? 1 : 0)).toBe(false);
    let delay = 1;
    while (!cusum.update(random.next() < 0.4 ? 1 : 0)) delay += 1;
    expect(delay).toBeLessThan(200);
    expect(Math.abs(cusum.samplesSinceChange - delay)).toBeLessThan(60);
  });
});
