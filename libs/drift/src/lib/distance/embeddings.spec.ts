import { createRandom, embeddingReferenceSchema } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { chiSquareThreshold } from '../distributions/chi-square.js';
import type { Embeddings } from './embeddings.js';
import { linearTimeMmd, medianBandwidth, mmdSquared, mmdTest } from './maximum-mean-discrepancy.js';
import { createFeatureSums, featureMmd, freezeEmbeddingReference } from './random-features.js';

const rows = (dims: number, n: number, f: (i: number) => number): Embeddings => ({
  dims,
  data: Float64Array.from({ length: dims * n }, (_, i) => f(i)),
});
const x = rows(3, 20, (i) => Math.sin((i + 1) ** 2 * 0.7));
const y = rows(3, 15, (i) => Math.cos((i + 1) ** 2 * 0.3) + 0.3);

describe('maximum mean discrepancy', () => {
  it('of {0, 1} and {2, 3} with bandwidth 1 is the known value', () => {
    const result = mmdSquared({ dims: 1, data: Float64Array.of(0, 1) }, { dims: 1, data: Float32Array.of(2, 3) }, 1);
    expect(result.biased).toBeCloseTo(1.16237554835058, 13);
    expect(result.unbiased).toBeCloseTo(0.768906208063216, 13);
  });

  // numpy: mean of exp(-d^2 / (2 1.2^2)) over the pairs; numpy.median(scipy.spatial.distance.pdist(x))
  it('of rows is what numpy gives', () => {
    const result = mmdSquared(x, y, 1.2);
    expect(result.biased).toBeCloseTo(0.09230118705719825, 13);
    expect(result.unbiased).toBeCloseTo(0.027490290793528382, 13);
    expect(medianBandwidth(x)).toBeCloseTo(1.6451690418239506, 13);
    const linear = linearTimeMmd(x, y, 1.2);
    expect(linear.mmdSquared).toBeCloseTo(-0.16438950217087495, 13);
    expect(linear.standardError).toBeCloseTo(0.18961003570351628, 13);
    expect(linear.pValue).toBeCloseTo(0.8070255292599269, 12);
    const tested = mmdTest(x, y, { bandwidth: 1.2, seed: 1, rounds: 99 });
    expect(tested.biased).toBeCloseTo(result.biased, 12);
    expect(tested.unbiased).toBeCloseTo(result.unbiased, 12);
  });

  it('is symmetric, and 0 of a sample with itself', () => {
    expect(mmdSquared(y, x, 1.2).unbiased).toBeCloseTo(mmdSquared(x, y, 1.2).unbiased, 13);
    expect(mmdSquared(x, x, 1.2).biased).toBeCloseTo(0, 13);
  });

  it('has uniform permutation p-values on identical distributions and sees a change of shape', () => {
    const random = createRandom(31);
    const bins = new Float64Array(10);
    for (let run = 0; run < 1000; run++) {
      const draw = (n: number): Embeddings => rows(2, n, () => random.normal());
      const { pValue } = mmdTest(draw(12), draw(10), { bandwidth: 1.5, seed: run, rounds: 39 });
      bins[Math.ceil(pValue * 10 - 1e-9) - 1]! += 1;
    }
    const chi2 = bins.reduce((sum, n) => sum + (n - 100) ** 2 / 100, 0);
    expect(chi2).toBeLessThan(chiSquareThreshold(0.001, 9));
    // Same means and variances: one cloud against four.
    const cloud = rows(2, 150, () => random.normal());
    const two = rows(2, 150, () => (random.next() < 0.5 ? -0.95 : 0.95) + 0.3 * random.normal());
    expect(mmdTest(cloud, two, { bandwidth: 0.5, seed: 1, rounds: 199 }).pValue).toBe(1 / 200);
  });

  it('says what is wrong with embeddings', () => {
    const nothing = { dims: 3, data: new Float32Array(0) };
    expect(() => mmdSquared(x, nothing, 1)).toThrow('whole rows of 3');
    expect(() => mmdSquared(x, { dims: 2, data: new Float32Array(4) }, 1)).toThrow('of 3 and of 2');
    expect(() => mmdSquared(x, { dims: 3, data: Float32Array.of(1, Number.NaN, 2) }, 1)).toThrow(
      'Value 1 of embedding 0',
    );
    expect(() => mmdSquared(x, y, 0)).toThrow('bandwidth above 0');
    expect(() => medianBandwidth({ dims: 1, data: new Float32Array(30) })).toThrow('the same');
    expect(() =>
      mmdTest(
        x,
        rows(3, 2000, () => 1),
        { bandwidth: 1, seed: 1 },
      ),
    ).toThrow('random subset');
    expect(() =>
      linearTimeMmd(
        rows(1, 4, () => 1),
        y,
        1,
      ),
    ).toThrow('cannot be compared');
    expect(() =>
      linearTimeMmd(
        rows(3, 4, () => 1),
        y,
        1,
      ),
    ).toThrow('8 rows');
  });
});

describe('random features', () => {
  const random = createRandom(33);
  const dims = 6;
  const draw = (n: number, shift = 0): Embeddings =>
    rows(dims, n, (i) => random.normal() + (i % dims === 0 ? shift : 0));
  const sumsOf = (reference: Parameters<typeof createFeatureSums>[0], window: Embeddings) => {
    const sums = createFeatureSums(reference);
    for (let i = 0; i < window.data.length; i += dims) sums.add(window.data.subarray(i, i + dims));
    return sums;
  };

  it('approach the kernel statistic as directions grow', () => {
    const [a, b] = [draw(80), draw(60, 1)];
    const reference = freezeEmbeddingReference(a, { directions: 400, bandwidth: 2 });
    const approximate = featureMmd(reference, sumsOf(reference, b)).mmdSquared;
    expect(approximate).toBeCloseTo(mmdSquared(a, b, 2).unbiased, 1);
    expect(Math.abs(approximate / mmdSquared(a, b, 2).unbiased - 1)).toBeLessThan(0.15);
    expect(embeddingReferenceSchema.parse(JSON.parse(JSON.stringify(reference)))).toEqual(reference);
  });

  it('alarm with probability alpha on identical distributions and see a shift of half a deviation in one value', () => {
    const reference = freezeEmbeddingReference(draw(1000), { directions: 24 });
    let [five, one] = [0, 0];
    const runs = 800;
    const window = createFeatureSums(reference);
    for (let run = 0; run < runs; run++) {
      window.reset();
      const { data } = draw(50);
      for (let i = 0; i < data.length; i += dims) window.add(data.subarray(i, i + dims));
      const { pValue } = featureMmd(reference, window);
      if (pValue < 0.05) five += 1;
      if (pValue < 0.01) one += 1;
    }
    expect(five / runs).toBeGreaterThan(0.025);
    expect(five / runs).toBeLessThan(0.07);
    expect(one / runs).toBeLessThan(0.022);
    expect(featureMmd(reference, sumsOf(reference, draw(300, 0.5))).pValue).toBeLessThan(1e-3);
  });

  it('have a heavier tail when its skewness is known than by mean and variance alone', () => {
    const reference = freezeEmbeddingReference(draw(300), { directions: 16 });
    const { traceOfCube: _, ...without } = reference;
    const window = sumsOf(reference, draw(100, 1.2));
    const [known, unknown] = [
      featureMmd(reference, window),
      featureMmd(embeddingReferenceSchema.parse(without), window),
    ];
    expect(known.mmdSquared).toBe(unknown.mmdSquared);
    expect(known.pValue).toBeLessThan(0.01);
    expect(known.pValue).toBeGreaterThan(unknown.pValue);
  });

  it('merge by addition and count what is not finite', () => {
    const frequencies = { dims, directions: 8, bandwidth: 1, seed: 5 };
    const [a, b] = [draw(5), draw(7)];
    const merged = sumsOf(frequencies, a);
    const other = sumsOf(frequencies, b);
    merged.merge({ count: other.count(), sums: other.sums() });
    const both = sumsOf(frequencies, { dims, data: Float64Array.of(...a.data, ...b.data) });
    expect(merged.count()).toBe(12);
    for (const [i, sum] of both.sums().entries()) expect(merged.sums()[i]).toBeCloseTo(sum, 12);
    merged.add(Float64Array.of(1, 2, Infinity, 4, 5, 6));
    expect([merged.count(), merged.refused()]).toEqual([12, 1]);
    expect(() => merged.add(new Float64Array(2))).toThrow('6 values');
    expect(() => merged.merge({ count: 1, sums: [1] })).toThrow('16 feature sums');
    merged.reset();
    expect(merged.count()).toBe(0);
  });

  it('refuse what cannot be a reference or a window', () => {
    expect(() => freezeEmbeddingReference(draw(5))).toThrow('20 embeddings');
    const reference = freezeEmbeddingReference(draw(30), { directions: 4 });
    expect(() => featureMmd(reference, createFeatureSums(reference))).toThrow('1 embedding');
    expect(embeddingReferenceSchema.safeParse({ ...reference, directions: 5 }).success).toBe(false);
  });
});
