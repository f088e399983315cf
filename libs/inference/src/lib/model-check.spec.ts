import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputProblems, modelProblems, outputProblems } from './model-check.js';

const spec = (name: string, dtype: string, dims: readonly number[]) => ({ name, dtype, dims });
const both = (dims: readonly number[], dtype = 'uint8') => ({ inputs: [spec('x', dtype, dims)], outputs: [] });

describe('modelProblems', () => {
  it('accepts the same tensors, and a bundle that fixes what the model leaves open', () => {
    expect(modelProblems(both([1, 2]), both([1, 2]))).toEqual([]);
    expect(modelProblems(both([1, 2]), both([-1, 2]))).toEqual([]);
  });

  it('refuses a bundle that leaves open what the model fixes', () => {
    expect(modelProblems(both([-1, 2]), both([1, 2]))).toEqual(['input x: wanted uint8 [?, 2], got uint8 [1, 2]']);
  });

  it('refuses element types that tensors cannot carry, although both agree', () => {
    expect(modelProblems(both([1], 'float16'), both([1], 'float16'))).toEqual([
      'input x: wanted float16 [1], got float16 [1] (type not supported)',
    ]);
  });
});

describe('inputProblems', () => {
  const specs = [spec('x', 'uint8', [-1, 2])];

  it('accepts any size where the dimension is open', () => {
    expect(inputProblems(specs, { x: { dtype: 'uint8', dims: [3, 2], data: new Uint8Array(6) } })).toEqual([]);
  });

  it('names a tensor whose data do not fill its shape', () => {
    expect(inputProblems(specs, { x: { dtype: 'uint8', dims: [3, 2], data: new Uint8Array(5) } })).toEqual([
      'x: wanted uint8 [?, 2], got uint8 [3, 2] with 5 elements',
    ]);
  });
});

describe('outputProblems', () => {
  it('finds the first value that is not finite', () => {
    const data = Float32Array.of(0, 1, Infinity, NaN);
    expect(outputProblems([spec('y', 'float32', [4])], { y: { dtype: 'float32', dims: [4], data } })).toEqual([
      'y: element 2 is Infinity',
    ]);
  });

  it('finds it wherever it stands', () => {
    const place = fc.integer({ min: 1, max: 200 }).chain((length) => fc.tuple(fc.constant(length), fc.nat(length - 1)));
    fc.assert(
      fc.property(place, fc.constantFrom(NaN, Infinity, -Infinity), ([length, at], value) => {
        const data = new Float32Array(length).fill(0.5);
        data[at] = value;
        const problems = outputProblems([spec('y', 'float32', [length])], {
          y: { dtype: 'float32', dims: [length], data },
        });
        expect(problems).toEqual([`y: element ${at} is ${value}`]);
      }),
    );
  });

  it('accepts the largest finite values', () => {
    const data = Float32Array.of(3.4e38, -3.4e38, 3.4e38, 0);
    expect(outputProblems([spec('y', 'float32', [4])], { y: { dtype: 'float32', dims: [4], data } })).toEqual([]);
  });
});
