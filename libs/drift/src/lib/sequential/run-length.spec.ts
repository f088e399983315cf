import { createRandom } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { createCusum } from './cusum.js';
import { solveLinearSystem } from './linear-system.js';
import {
  adwinDelta,
  cusumRunLength,
  cusumThreshold,
  pageHinkleyThreshold,
  samplesBetweenFalseAlarms,
  siegmundRunLength,
} from './run-length.js';

function simulatedRunLength(threshold: number, direction: 'up' | 'both', runs: number, seed: number): number {
  const random = createRandom(seed);
  const cusum = createCusum({ mean: 0, std: 1, allowance: 0.5, threshold, direction });
  let samples = 0;
  for (let run = 0; run < runs; run++) {
    do samples += 1;
    while (!cusum.update(random.normal()));
  }
  return samples / runs;
}

describe('false alarms per month', () => {
  it('become samples between them', () => {
    expect(samplesBetweenFalseAlarms(1, 3600)).toBeCloseTo(2_629_746, 0);
    expect(samplesBetweenFalseAlarms(2, 100)).toBeCloseTo(36_524.25, 6);
    expect(() => samplesBetweenFalseAlarms(0, 100)).toThrow(/above 0/);
  });
});

describe('run length of a CUSUM', () => {
  it('is near Siegmund: 338.1 at h = 4 and 938.2 at h = 5', () => {
    expect(siegmundRunLength(0.5, 4)).toBeCloseTo(338.1, 1);
    expect(siegmundRunLength(0.5, 5)).toBeCloseTo(938.2, 1);
    expect(siegmundRunLength(0, 4)).toBeCloseTo(5.166 ** 2, 9);
  });

  // Tables of the two-sided CUSUM, k = 0.5: ARL0 168 at h = 4 and 465 at h = 5; delay at one sigma 8.38 and 10.4.
  // Montgomery, Introduction to statistical quality control, table of Lucas and Crosier's zero-state figures.
  it('is that of the published tables', () => {
    expect(cusumRunLength(0.5, 4) / 2).toBeCloseTo(168, 0);
    expect(cusumRunLength(0.5, 5) / 2).toBeCloseTo(465, 0);
    expect(cusumRunLength(0.5, 4, 1)).toBeCloseTo(8.38, 1);
    expect(cusumRunLength(0.5, 5, 1)).toBeCloseTo(10.38, 1);
  });

  it.each([
    [4, 'up'],
    [5, 'up'],
    [4, 'both'],
  ] as const)('agrees with a seeded simulation of 2,000 runs within a tenth: h = %d, %s', (threshold, direction) => {
    const solved = cusumRunLength(0.5, threshold) / (direction === 'both' ? 2 : 1);
    const simulated = simulatedRunLength(threshold, direction, 2000, 11);
    expect(simulated / solved).toBeGreaterThan(0.9);
    expect(simulated / solved).toBeLessThan(1.1);
  });
});

describe('thresholds from the run length', () => {
  it.each([100, 938, 36_524, 2_629_746])('give back the run length of %d samples', (samples) => {
    for (const allowance of [0.1, 0.25, 0.5, 1]) {
      expect(cusumRunLength(allowance, cusumThreshold(allowance, samples, 'up')) / samples).toBeCloseTo(1, 3);
      expect(cusumRunLength(allowance, cusumThreshold(allowance, samples, 'both')) / 2 / samples).toBeCloseTo(1, 3);
    }
  });

  it('scale with the unit of the values, and refuse what has no answer', () => {
    expect(pageHinkleyThreshold(0.05, 0.1, 1000, 'up')).toBeCloseTo(0.1 * cusumThreshold(0.5, 1000, 'up'), 9);
    expect(adwinDelta(320_000, 32)).toBeCloseTo(1e-4, 12);
    expect(() => cusumThreshold(0, 1000, 'up')).toThrow(/allowance/);
  });
});

describe('createCusum', () => {
  it('finds a shift of one sigma in about ten samples, and where it began', () => {
    const cusum = createCusum({
      mean: 5,
      std: 2,
      allowance: 0.5,
      threshold: cusumThreshold(0.5, 1e6, 'both'),
      direction: 'both',
    });
    const random = createRandom(3);
    for (let i = 0; i < 5000; i++) expect(cusum.update(5 + 2 * random.normal())).toBe(false);
    let delay = 1;
    while (!cusum.update(3 + 2 * random.normal())) delay += 1;
    expect(delay).toBeLessThan(60);
    expect(Math.abs(cusum.samplesSinceChange - delay)).toBeLessThan(15);
  });

  it('refuses a constant reference', () => {
    expect(() => createCusum({ mean: 0, std: 0, allowance: 0.5, threshold: 4, direction: 'up' })).toThrow(
      /constant reference/,
    );
  });
});

describe('solveLinearSystem', () => {
  it('needs a row swap here, and finds the answer by hand', () => {
    const x = solveLinearSystem(Float64Array.of(0, 2, 1, 1, 1, 1, 2, 0, -1), Float64Array.of(7, 6, -1));
    expect([...x].map((value) => Math.round(value * 1e9) / 1e9)).toEqual([1, 2, 3]);
  });
});
