import { createRandom, type Random } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { estimateAccuracy, type LabelledPart } from './label-accuracy.js';
import { createLabelSampler, type LabelItem, type LabelSampler } from './label-sampler.js';

type Part = LabelItem & { readonly truth: 'good' | 'bad' };

/** A fifth of the parts is bad; scores overlap so that about one part in 22 is judged wrongly. */
function part(random: Random): Part {
  const truth = random.next() < 0.2 ? 'bad' : 'good';
  const score = 1 / (1 + Math.exp((truth === 'bad' ? -2.2 : 2.2) + 1.3 * random.normal()));
  return { truth, score, verdict: score > 0.5 ? 'reject' : 'pass', label: '' };
}

const isRight = ({ verdict, truth }: Pick<Part, 'verdict' | 'truth'>): boolean =>
  (verdict === 'pass') === (truth === 'good');

function draw(sampler: LabelSampler, random: Random, parts: number, days: number) {
  const labels: LabelledPart[] = [];
  let right = 0;
  for (let i = 0; i < parts; i++) {
    const one = part(random);
    if (isRight(one)) right += 1;
    const { drawn, inclusionProbability } = sampler.consider(one, (i / parts) * days * 86_400_000);
    if (drawn) labels.push({ ...one, inclusionProbability });
  }
  return { labels, right };
}

describe('createLabelSampler', () => {
  it('keeps the budget within a tenth over ten days, also when the first guess of the volume is ten times off', () => {
    for (const partsPerDay of [400, 4000, 40_000]) {
      const random = createRandom(4);
      const sampler = createLabelSampler({
        labelsPerDay: 100,
        partsPerDay,
        minimumPerStratum: 3,
        uncertaintyTilt: 0.5,
        random: random.fork('draw'),
      });
      const { labels } = draw(sampler, random, 40_000, 10);
      expect(labels.length / 1000).toBeGreaterThan(0.9);
      expect(labels.length / 1000).toBeLessThan(1.1);
    }
  });

  it('gives each stratum its minimum, however rare it is', () => {
    const random = createRandom(5);
    const sampler = createLabelSampler({
      labelsPerDay: 40,
      partsPerDay: 4000,
      minimumPerStratum: 2,
      uncertaintyTilt: 0,
      random: random.fork('draw'),
    });
    for (let i = 0; i < 40_000; i++) {
      const rare = i % 800 === 7;
      sampler.consider(
        { verdict: rare ? 'reject' : 'pass', label: rare ? 'short' : '', score: rare ? 0.95 : 0.05 },
        (i / 4000) * 86_400_000,
      );
    }
    const rare = sampler.snapshot().strata.find(({ stratum }) => stratum === 'reject/short/9');
    expect(rare?.parts).toBe(50);
    // Ten days at two a day, less the first days, in which its volume is not known yet.
    expect(rare?.drawn).toBeGreaterThan(10);
  });

  it('knows the chance before the part: the same history gives the same chance whatever is drawn, and never 0', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e6 }), (seed) => {
        const random = createRandom(seed);
        const sampler = createLabelSampler({
          labelsPerDay: 5,
          partsPerDay: 100,
          minimumPerStratum: 1,
          uncertaintyTilt: 1,
          random,
        });
        let expected = 0;
        for (let i = 0; i < 300; i++) {
          const { inclusionProbability } = sampler.consider(part(random), i * 200_000);
          expect(inclusionProbability).toBeGreaterThan(0);
          expect(inclusionProbability).toBeLessThanOrEqual(1);
          expected += inclusionProbability;
        }
        const drawn = sampler.snapshot().strata.reduce((sum, stratum) => sum + stratum.drawn, 0);
        expect(Math.abs(drawn - expected)).toBeLessThan(5 * Math.sqrt(expected) + 3);
      }),
      { numRuns: 40 },
    );
  });

  it('bounds its table when the classes never end, and survives a clock that goes back', () => {
    const sampler = createLabelSampler({
      labelsPerDay: 5,
      partsPerDay: 100,
      minimumPerStratum: 1,
      uncertaintyTilt: 1,
      random: createRandom(1),
    });
    for (let i = 0; i < 500; i++)
      sampler.consider({ verdict: 'reject', label: `class ${i}`, score: null }, 1e12 - i * 1e9);
    const { strata } = sampler.snapshot();
    expect(strata.length).toBeLessThanOrEqual(64);
    expect(strata.find(({ stratum }) => stratum === 'reject/other')?.parts).toBeGreaterThan(400);
  });

  it('refuses a budget of nothing', () => {
    expect(() =>
      createLabelSampler({
        labelsPerDay: 0,
        partsPerDay: 1,
        minimumPerStratum: 0,
        uncertaintyTilt: 0,
        random: createRandom(1),
      }),
    ).toThrow(/labelsPerDay > 0/);
  });
});

describe('estimateAccuracy', () => {
  // By hand: weights 10, 10, 2, 2: accuracy 22/24; bad parts weigh 4, of which 2 passed; all good parts passed.
  it('weights each label with one over its chance', () => {
    const measured = estimateAccuracy([
      { verdict: 'pass', truth: 'good', inclusionProbability: 0.1 },
      { verdict: 'pass', truth: 'good', inclusionProbability: 0.1 },
      { verdict: 'reject', truth: 'bad', inclusionProbability: 0.5 },
      { verdict: 'pass', truth: 'bad', inclusionProbability: 0.5 },
    ]);
    expect(measured.accuracy?.value).toBeCloseTo(22 / 24, 12);
    expect(measured.escapeShare?.value).toBeCloseTo(0.5, 12);
    expect(measured.falseRejectShare?.value).toBe(0);
    expect(measured.effectiveLabels).toBeCloseTo(24 ** 2 / 208, 12);
    expect(measured.kind).toBe('measured');
  });

  it('is Wilson for equal chances and no error: 90 of 90', () => {
    const labels = Array.from(
      { length: 90 },
      () => ({ verdict: 'pass', truth: 'good', inclusionProbability: 0.3 }) as const,
    );
    // Wilson, n = 90, all right: 1 / (1 + z^2 / n).
    expect(estimateAccuracy(labels).accuracy?.low).toBeCloseTo(1 / (1 + 1.959963984540054 ** 2 / 90), 9);
    expect(estimateAccuracy(labels).escapeShare).toBeNull();
    expect(estimateAccuracy([]).accuracy).toBeNull();
  });

  it('does not depend on the scale of the chances or on the order', () => {
    const label = fc.record({
      verdict: fc.constantFrom('pass', 'reject'),
      truth: fc.constantFrom('good', 'bad'),
      inclusionProbability: fc.double({ min: 0.01, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(label, { minLength: 1 }), (labels) => {
        const { accuracy } = estimateAccuracy(labels);
        const halved = [...labels]
          .reverse()
          .map((one) => ({ ...one, inclusionProbability: one.inclusionProbability / 2 }));
        expect(estimateAccuracy(halved).accuracy?.value).toBeCloseTo(accuracy?.value ?? NaN, 9);
        expect(accuracy?.low).toBeLessThanOrEqual(accuracy?.value ?? NaN);
        expect(accuracy?.high).toBeGreaterThanOrEqual(accuracy?.value ?? NaN);
      }),
    );
    expect(() => estimateAccuracy([{ verdict: 'pass', truth: 'good', inclusionProbability: 0 }])).toThrow(/outside of/);
  });

  it('is unbiased with intervals that cover, where the plain mean of uncertain labels is far off (200 seeded days)', () => {
    const runs = 200;
    let plain = 0;
    let weighted = 0;
    let right = 0;
    const days = Array.from({ length: runs }, (_, run) => {
      const random = createRandom(1000 + run);
      const sampler = createLabelSampler({
        labelsPerDay: 150,
        partsPerDay: 3000,
        minimumPerStratum: 8,
        uncertaintyTilt: 1,
        random: random.fork('draw'),
      });
      const day = draw(sampler, random, 3000, 1);
      plain += day.labels.filter(isRight).length / day.labels.length / runs;
      weighted += (estimateAccuracy(day.labels).accuracy?.value ?? 0) / runs;
      right += day.right / 3000 / runs;
      return day;
    });
    expect(Math.abs(weighted - right)).toBeLessThan(0.003);
    expect(right - plain).toBeGreaterThan(0.05);
    const covered = days.filter(({ labels }) => {
      const { accuracy } = estimateAccuracy(labels);
      return accuracy !== null && accuracy.low <= right && right <= accuracy.high;
    });
    expect(covered.length / runs).toBeGreaterThan(0.92);
  });
});
