import fc from 'fast-check';
import { createRandom } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { adjustPValues, type Correction } from './multiple-testing.js';

const pValues = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });
const ten = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205, 0.212, 0.216];

describe('corrections for many tests', () => {
  it('Benjamini-Hochberg is scipy.stats.false_discovery_control', () => {
    const expected = [0.01, 0.04, 0.084, 0.084, 0.084, 0.1, 0.10571428571428572, 0.216, 0.216, 0.216];
    for (const [i, p] of adjustPValues(ten, 'benjamini-hochberg').entries()) expect(p).toBeCloseTo(expected[i]!, 14);
  });

  it('Holm steps down from m p', () => {
    const adjusted = adjustPValues([0.01, 0.04, 0.03, 0.005], 'holm');
    // 4 x .005, 3 x .01, 2 x .03, then max(.06, .04)
    for (const [i, p] of [0.03, 0.06, 0.06, 0.02].entries()) expect(adjusted[i]).toBeCloseTo(p, 14);
  });

  it('are ordered: Benjamini-Hochberg <= Holm <= Bonferroni, never below p, and follow the order of p', () => {
    fc.assert(
      fc.property(pValues, (ps) => {
        const [bh, holm, bonferroni] = (['benjamini-hochberg', 'holm', 'bonferroni'] as const).map((c) =>
          adjustPValues(ps, c),
        );
        for (const [i, p] of ps.entries()) {
          expect(bh![i]).toBeGreaterThanOrEqual(p - 1e-15);
          expect(bh![i]).toBeLessThanOrEqual(holm![i]! + 1e-15);
          expect(holm![i]).toBeLessThanOrEqual(bonferroni![i]!);
          for (const [j, q] of ps.entries()) if (p < q) expect(holm![i]).toBeLessThanOrEqual(holm![j]!);
        }
      }),
    );
  });

  it('keep 20 features at their alpha, where plain tests alarm 64 % of the time', () => {
    const random = createRandom(2);
    const alarms = { none: 0, bonferroni: 0, holm: 0, 'benjamini-hochberg': 0 };
    const runs = 4000;
    for (let run = 0; run < runs; run++) {
      const ps = Array.from({ length: 20 }, () => random.next());
      if (Math.min(...ps) <= 0.05) alarms.none += 1;
      for (const correction of ['bonferroni', 'holm', 'benjamini-hochberg'] satisfies Correction[])
        if (Math.min(...adjustPValues(ps, correction)) <= 0.05) alarms[correction] += 1;
    }
    expect(alarms.none / runs).toBeCloseTo(0.64, 1);
    for (const correction of ['bonferroni', 'holm', 'benjamini-hochberg'] as const) {
      expect(alarms[correction] / runs).toBeGreaterThan(0.036);
      expect(alarms[correction] / runs).toBeLessThan(0.062);
    }
  });

  it('refuse what is no probability', () => {
    expect(() => adjustPValues([0.1, Number.NaN], 'holm')).toThrow('p-value 1 is NaN');
    expect(adjustPValues([], 'holm')).toEqual([]);
  });
});
