import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawnRowModel, drawnWindow } from '../testing/row-models.js';
import { windowFeatures } from './features.js';
import { explainByOcclusion, occluded } from './occlusion.js';
import { coalitionRows, explainByShapley, shapleyOf } from './shapley.js';

const seed = fc.integer({ min: 1, max: 1_000_000 });
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

test('shares of the signals sum to output minus base, whatever the model and the patient', async () => {
  await fc.assert(
    fc.asyncProperty(seed, seed, async (weights, patient) => {
      const { shares, output, base } = await explainByShapley(
        drawnRowModel(weights),
        windowFeatures(drawnWindow(patient)),
        0,
      );
      expect(Math.abs(sum(Object.values(shares)) - (output - base))).toBeLessThan(1e-6);
    }),
    { numRuns: 20 },
  );
});

test('of a game that is a sum of what each brings, the shares are what each brings; two together share alike', () => {
  const brings = [0.1, -0.2, 0.05, 0, 0.3, 0.02, -0.01];
  const added = (coalition: number) => sum(brings.map((value, k) => ((coalition >> k) & 1 ? value : 0)));
  const both = (coalition: number) => ((coalition & 0b11) === 0b11 ? 0.4 : 0);
  const { shares } = shapleyOf(Array.from({ length: 128 }, (_, c) => 0.5 + added(c) + both(c)));
  expect(Object.values(shares).map((value) => Number(value.toFixed(9)) + 0)).toEqual([
    0.3, 0, 0.05, 0, 0.3, 0.02, -0.01,
  ]);
});

test('the first coalition knows nothing and the last is the window', () => {
  const features = windowFeatures(drawnWindow(3));
  const rows = coalitionRows(features);
  expect(rows).toHaveLength(128);
  expect(rows.at(-1)).toEqual(features);
});

test('occlusion touches measured hours of its segment only, and leaves out what was not measured', () => {
  const window = drawnWindow(5);
  expect(occluded(window, 'notAlert', 1)).toBeUndefined();
  const without = occluded(window, 'pulse', 1);
  expect(without?.pulse.slice(0, 3)).toEqual(window.pulse.slice(0, 3));
  expect(without?.pulse.slice(3, 6).every((value) => value === 75 || value === null)).toBe(true);
});

const ranks = (values: readonly number[]): readonly number[] =>
  values.map((value) => values.filter((other) => other < value).length);
function rankCorrelation(a: readonly number[], b: readonly number[]): number {
  const [x, y] = [ranks(a), ranks(b)];
  const middle = (a.length - 1) / 2;
  const top = sum(x.map((value, at) => (value - middle) * ((y[at] ?? 0) - middle)));
  return top / Math.sqrt(sum(x.map((v) => (v - middle) ** 2)) * sum(y.map((v) => (v - middle) ** 2)));
}

test('explanations are of the model: other weights explain otherwise, one last digit of the input does not', async () => {
  const between: number[] = [];
  for (let patient = 1; patient <= 12; patient += 1) {
    const features = windowFeatures(drawnWindow(patient));
    const nudged = features.map((value, at) => (at % 8 < 4 ? value + (at % 2 ? 0.01 : -0.01) : value));
    const of = async (weights: number, row: Float32Array) =>
      Object.values((await explainByShapley(drawnRowModel(weights), row, 0)).shares);
    expect(rankCorrelation(await of(1, features), await of(1, nudged))).toBeGreaterThan(0.9);
    between.push(rankCorrelation(await of(1, features), await of(patient + 1, features)));
  }
  expect(Math.abs(sum(between) / between.length)).toBeLessThan(0.3);
});

test('occlusion of a model that looks at one signal finds that signal', async () => {
  const column = 3 * 8 + 1;
  const model = {
    columns: 56,
    labels: 1,
    probabilities: (rows: readonly Float32Array[]) =>
      Promise.resolve(rows.map((row) => Float32Array.of(1 / (1 + Math.exp(37 - (row[column] ?? 0)))))),
  };
  const window = { ...drawnWindow(9), temperature: Array.from({ length: 12 }, () => 39) };
  const { parts } = await explainByOcclusion(model, window, 0);
  expect(parts.slice(0, 4).map(({ signal }) => signal)).toEqual(Array.from({ length: 4 }, () => 'temperature'));
  expect(parts.slice(4).every(({ effect }) => effect === 0)).toBe(true);
});
