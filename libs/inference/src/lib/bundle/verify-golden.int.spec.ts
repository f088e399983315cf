import type { Tensors } from '@edge-blueprints/contracts';
import { createFakeEngine } from '@edge-blueprints/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { loadBundle } from './load-bundle.js';
import { removeBundles, sampleBundle, sampleCompute, trustedKeys, writeBundle } from './testing/sample-bundle.js';
import { compareOutput } from './golden-comparison.js';
import { verifyGolden, type GoldenOptions } from './verify-golden.js';

afterEach(removeBundles);

async function verifyWith(
  compute: (inputs: Tensors) => Tensors,
  loaded = 'int8-16',
  options: GoldenOptions & { readonly variant?: string } = {},
) {
  const bundle = await loadBundle(await writeBundle(sampleBundle()), { trustedKeys });
  const engine = createFakeEngine({ compute });
  await engine.load(bundle.variant(loaded));
  try {
    return await verifyGolden(engine, bundle, options.variant ?? 'int8-16', options);
  } finally {
    await engine.dispose();
  }
}

const changed = (name: string, at: number, value: number) => (inputs: Tensors) => {
  const outputs = sampleCompute(inputs);
  const tensor = outputs[name]!;
  const data = Float32Array.from(tensor.data, Number);
  data[at] = value;
  return { ...outputs, [name]: { ...tensor, data } };
};

describe('verifyGolden', () => {
  it('accepts an engine that computes what was validated', async () => {
    const comparisons = await verifyWith(sampleCompute);
    expect(comparisons.map(({ output, values, ok }) => [output, values, ok])).toEqual([
      ['scores', 8, true],
      ['boxes', 16, true],
    ]);
  });

  it.each([
    ['one value off', changed('boxes', 3, 5.01)],
    ['not a number', changed('scores', 0, NaN)],
    ['infinite', changed('scores', 0, Infinity)],
    [
      'another type',
      (inputs: Tensors): Tensors => ({
        ...sampleCompute(inputs),
        boxes: { dtype: 'int32', dims: [1, 4, 2, 2], data: new Int32Array(16).fill(5) },
      }),
    ],
    ['a missing output', (inputs: Tensors): Tensors => ({ scores: sampleCompute(inputs)['scores']! })],
  ])('refuses outputs with %s', async (_, compute) => {
    await expect(verifyWith(compute)).rejects.toMatchObject({ code: 'bundle.golden-mismatch' });
  });

  it('takes the gate of a route for an INT8 variant, and for no other', async () => {
    const parity = { factor: 2.5, outlierShare: 0.01 };
    const off = changed('boxes', 3, 5.0002);
    await expect(verifyWith(off)).rejects.toMatchObject({ code: 'bundle.golden-mismatch' });
    expect((await verifyWith(off, 'int8-16', { parity })).every(({ ok }) => ok)).toBe(true);
    await expect(verifyWith(sampleCompute, 'fp32-16', { parity, variant: 'fp32-16' })).rejects.toMatchObject({
      code: 'bundle.golden-parity',
    });
  });

  it('refuses an engine that runs another model', async () => {
    await expect(verifyWith(sampleCompute, 'fp32-16')).rejects.toThrow(/the engine ran model/);
  });
});

describe('compareOutput', () => {
  const tensor = (values: readonly number[]) =>
    ({ dtype: 'float32', dims: [values.length], data: Float32Array.from(values) }) as const;
  const compare = (got: readonly number[], want: readonly number[], outlierShare: number) =>
    compareOutput('v', 'o', tensor(got), tensor(want), { absolute: 0.5, relative: 0.1, outlierShare });

  it('adds the relative tolerance to the absolute one', () => {
    expect(compare([100 + 10.4], [100], 0)).toMatchObject({ outliers: 0, ok: true });
    expect(compare([100 + 10.6], [100], 0)).toMatchObject({ outliers: 1, ok: false });
  });

  it('allows the stated share of outliers and not one more', () => {
    const want = Array<number>(100).fill(0);
    const off = (count: number) => want.map((value, at) => (at < count ? 9 : value));
    expect(compare(off(2), want, 0.02)).toMatchObject({ outliers: 2, ok: true });
    expect(compare(off(3), want, 0.02)).toMatchObject({ outliers: 3, ok: false, largestDifference: 9 });
  });
});
