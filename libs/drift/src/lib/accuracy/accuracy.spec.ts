import { createRandom } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calibrationFigures, type ScoredTruth } from './calibration-error.js';
import { estimateAccuracyWithoutLabels } from './confidence-based.js';
import { applyIsotonic, fitIsotonic } from './isotonic.js';
import { applyTemperature, fitTemperature } from './temperature.js';

const scores = [0.05, 0.1, 0.2, 0.2, 0.3, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95];
const truths = [0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 1, 1];
const samples: readonly ScoredTruth[] = scores.map((score, i) => ({ score, bad: truths[i] === 1 }));

/** Scores whose truth follows logit / temperature. */
function drawn(temperature: number, count: number, seed: number): ScoredTruth[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, () => {
    const score = 1 / (1 + Math.exp(-2 * random.normal()));
    return { score, bad: random.next() < applyTemperature(score, temperature) };
  });
}

describe('estimateAccuracyWithoutLabels', () => {
  // Closed form: rejected with .9, .8, .6, passed with .3, .1.
  it('adds up what the scores say', () => {
    const estimate = estimateAccuracyWithoutLabels([
      ...[0.9, 0.8, 0.6].map((score) => ({ score, verdict: 'reject' }) as const),
      ...[0.3, 0.1].map((score) => ({ score, verdict: 'pass' }) as const),
    ]);
    expect(estimate?.kind).toBe('estimate');
    expect(estimate?.accuracy).toBeCloseTo(0.78, 12);
    expect(estimate?.precision).toBeCloseTo(0.766667, 6);
    expect(estimate?.recall).toBeCloseTo(0.851852, 6);
    expect(estimate?.f1).toBeCloseTo(0.807018, 6);
    const half = (1.959963984540054 * Math.sqrt(0.09 + 0.16 + 0.24 + 0.21 + 0.09)) / 5;
    expect(estimate?.low).toBeCloseTo(0.78 - half, 9);
    expect(estimate?.high).toBe(1);
  });

  it('covers the realised accuracy of calibrated scores, and is far off for overconfident ones', () => {
    let covered = 0;
    for (let run = 0; run < 200; run++) {
      const parts = drawn(1, 300, run + 1);
      const right = parts.filter(({ score, bad }) => score > 0.5 === bad).length / parts.length;
      const estimate = estimateAccuracyWithoutLabels(
        parts.map(({ score }) => ({ score, verdict: score > 0.5 ? 'reject' : 'pass' })),
      );
      if (estimate && estimate.low <= right && right <= estimate.high) covered += 1;
    }
    expect(covered / 200).toBeGreaterThan(0.91);
    const parts = drawn(3, 20_000, 7);
    const right = parts.filter(({ score, bad }) => score > 0.5 === bad).length / parts.length;
    const estimate = estimateAccuracyWithoutLabels(
      parts.map(({ score }) => ({ score, verdict: score > 0.5 ? 'reject' : 'pass' })),
    );
    expect((estimate?.accuracy ?? 0) - right).toBeGreaterThan(0.1);
  });

  it('answers nothing for no parts and refuses what is no probability', () => {
    expect(estimateAccuracyWithoutLabels([])).toBeNull();
    expect(() => estimateAccuracyWithoutLabels([{ score: 1.2, verdict: 'pass' }])).toThrow(/between 0 and 1/);
    expect(estimateAccuracyWithoutLabels([{ score: 0, verdict: 'pass' }])?.recall).toBeNull();
  });
});

describe('calibrationFigures', () => {
  // numpy: mean((s-y)^2) = 0.18; ten equal bins; z = sum((y-s)(1-2s)) / sqrt(sum((1-2s)^2 s (1-s))), 2 norm.sf(|z|) of scipy 1.17.1.
  it('are those of numpy and scipy', () => {
    const figures = calibrationFigures(samples);
    expect(figures?.brier).toBeCloseTo(0.18, 12);
    expect(figures?.expectedCalibrationError).toBeCloseTo(0.2285714285714286, 12);
    expect(figures?.z).toBeCloseTo(0.3340105458536145, 12);
    expect(figures?.pValue).toBeCloseTo(0.7383716007962027, 10);
  });

  it('hold their level for calibrated scores and fire for overconfident ones', () => {
    const rate = (temperature: number): number =>
      Array.from(
        { length: 2000 },
        (_, run) => calibrationFigures(drawn(temperature, 100, run + 1))?.pValue ?? 1,
      ).filter((p) => p < 0.05).length / 2000;
    expect(rate(1)).toBeGreaterThan(0.038);
    expect(rate(1)).toBeLessThan(0.062);
    expect(rate(2)).toBeGreaterThan(0.8);
  });

  it('answer nothing for nothing', () => {
    expect(calibrationFigures([])).toBeNull();
    expect(() => calibrationFigures([{ score: NaN, bad: true }])).toThrow(/between 0 and 1/);
    expect(calibrationFigures([{ score: 0, bad: true }])?.pValue).toBe(0);
  });
});

describe('fitTemperature', () => {
  // scipy 1.17.1: minimize_scalar(sum log(1 + exp(-+logit(s) b)), bounds=(.05, 20)): 1/b = 1.1312470780810595.
  it('is the minimum that scipy finds', () => {
    expect(fitTemperature(samples)).toBeCloseTo(1.1312470780810595, 5);
  });

  it('finds the temperature that the truth was drawn with, and mends the calibration error', () => {
    const overconfident = drawn(2, 20_000, 3);
    const temperature = fitTemperature(overconfident);
    expect(temperature).toBeGreaterThan(1.85);
    expect(temperature).toBeLessThan(2.15);
    const mended = overconfident.map(({ score, bad }) => ({ score: applyTemperature(score, temperature), bad }));
    expect(calibrationFigures(overconfident)?.expectedCalibrationError).toBeGreaterThan(0.08);
    expect(calibrationFigures(mended)?.expectedCalibrationError).toBeLessThan(0.02);
    expect(() => fitTemperature([{ score: 0.5, bad: true }])).toThrow(/good and bad/);
  });
});

describe('fitIsotonic', () => {
  // scikit-learn 1.9.1: IsotonicRegression(out_of_bounds='clip').fit(s, y).predict(..)
  it('is that of scikit-learn', () => {
    const calibration = fitIsotonic(samples);
    const at = [0, 0.05, 0.2, 0.25, 0.33, 0.5, 0.55, 0.65, 0.8, 0.9, 0.95, 1];
    const expected = [0, 0, 1 / 3, 1 / 3, 1 / 3, 1 / 3, 0.5, 2 / 3, 2 / 3, 1, 1, 1];
    expect(at.map((score) => applyIsotonic(calibration, score))).toEqual(
      expected.map((value) => expect.closeTo(value, 12)),
    );
  });

  it('never falls, keeps to 0..1 and keeps the mean', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ score: fc.double({ min: 0, max: 1, noNaN: true }), bad: fc.boolean() }), {
          minLength: 1,
          maxLength: 60,
        }),
        (labelled) => {
          const calibration = fitIsotonic(labelled);
          const mapped = [...labelled]
            .sort((a, b) => a.score - b.score)
            .map(({ score }) => applyIsotonic(calibration, score));
          mapped.forEach((value, i) => expect(value).toBeGreaterThanOrEqual((mapped[i - 1] ?? 0) - 1e-12));
          const mean = labelled.filter(({ bad }) => bad).length / labelled.length;
          expect(mapped.reduce((a, b) => a + b, 0) / mapped.length).toBeCloseTo(mean, 9);
        },
      ),
    );
    expect(() => fitIsotonic([])).toThrow(/got none/);
  });
});
