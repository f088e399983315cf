import { expect, it } from 'vitest';
import { responseEmbedding } from './response-embedding.js';

const tensor = (dims: readonly number[], data: Float32Array) => ({ dtype: 'float32' as const, dims, data });

it('pools each map to the means of its cells, class by class', () => {
  const data = Float32Array.from({ length: 2 * 6 * 6 }, (_, i) => {
    const [c, y, x] = [Math.floor(i / 36), Math.floor((i % 36) / 6), i % 6];
    return c * 100 + Math.floor(y / 2) * 10 + Math.floor(x / 2) + (x % 2 === 0 ? 0.5 : -0.5);
  });
  const pooled = responseEmbedding({ scores: tensor([1, 2, 6, 6], data) }, 'scores');
  expect([...(pooled ?? [])]).toEqual([0, 1, 2, 10, 11, 12, 20, 21, 22, 100, 101, 102, 110, 111, 112, 120, 121, 122]);
});

it('leaves out nothing when cells differ in size: the mean of the cells, weighted by area, is the mean of the map', () => {
  const data = Float32Array.from({ length: 7 * 8 }, (_, i) => Math.sin(i));
  const pooled = responseEmbedding({ map: tensor([1, 1, 7, 8], data) }, 'map') ?? new Float64Array();
  const sides = (n: number) =>
    [0, 1, 2].map((c) => Array.from({ length: n }, (_, i) => i).filter((i) => Math.floor((i * 3) / n) === c).length);
  const weighted = sides(7)
    .flatMap((h) => sides(8).map((w) => h * w))
    .reduce((sum, area, i) => sum + area * (pooled[i] ?? 0), 0);
  expect(weighted / 56).toBeCloseTo(data.reduce((a, b) => a + b, 0) / 56, 6);
});

it('says nothing about an output that is no map', () => {
  expect(responseEmbedding({}, 'scores')).toBeUndefined();
  expect(responseEmbedding({ scores: tensor([1, 8], new Float32Array(8)) }, 'scores')).toBeUndefined();
  expect(responseEmbedding({ scores: tensor([1, 2, 2, 2], new Float32Array(8)) }, 'scores')).toBeUndefined();
});
