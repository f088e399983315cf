import type { Tensor } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathAgreement, requireAgreement, type PathOutputs } from './path-agreement.js';

const path = (name: string, vectors: Readonly<Record<string, readonly number[]>>): PathOutputs => ({
  path: name,
  outputs: new Map(
    Object.entries(vectors).map(([vector, values]) => {
      const y: Tensor = { dtype: 'float32', dims: [values.length], data: Float32Array.from(values) };
      return [vector, { y }];
    }),
  ),
});
const tolerance = { y: { absolute: 0.5, relative: 0, outlierShare: 0.25, mean: 0.3 } };
const compare = (a: PathOutputs, b: PathOutputs) => pathAgreement({ reference: a, other: b, tolerance });

describe('pathAgreement', () => {
  it('joins all vectors into one figure an output', () => {
    const entries = compare(path('a', { 0: [1, 2], 1: [3, 4] }), path('b', { 0: [1, 2.25], 1: [3, 5] }));
    expect(entries).toEqual([
      {
        ...{ reference: 'a', path: 'b', output: 'y', values: 4, largest: 1, mean: 1.25 / 4, outliers: 1 },
        tolerance: tolerance.y,
      },
    ]);
  });

  it('takes a vector that the other path lacks, and a value that is no number, as wholly apart', () => {
    for (const other of [path('b', { 0: [1, 2] }), path('b', { 0: [1, 2], 1: [3, NaN] })]) {
      const entries = compare(path('a', { 0: [1, 2], 1: [3, 4] }), other);
      expect(entries[0]?.mean).toBe(Infinity);
      expect(() => requireAgreement(entries)).toThrow(/APART/);
    }
  });

  it('accepts equal paths and never calls a path further apart than its largest difference', () => {
    const value = fc.integer({ min: -900, max: 900 }).map((n) => n / 100);
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 40 }), value, (values, d) => {
        expect(() => requireAgreement(compare(path('a', { 0: values }), path('b', { 0: values })))).not.toThrow();
        const [entry] = compare(path('a', { 0: values }), path('b', { 0: values.map((v) => v + d) }));
        expect(entry?.mean ?? 0).toBeLessThanOrEqual((entry?.largest ?? 0) * (1 + 1e-12));
      }),
    );
  });

  it('refuses with a table that shows every pair', () => {
    const right = compare(path('pytorch', { 0: [1] }), path('onnx fp32', { 0: [1] }));
    const wrong = compare(path('onnx fp32', { 0: [1] }), path('onnx int8', { 0: [3] }));
    expect(() => requireAgreement([...right, ...wrong])).toThrow(
      /1 of 2 comparisons[^]*ok +pytorch - onnx fp32 +y +0 [^]*APART +onnx fp32 - onnx int8 +y +2 +2 +0\.3 +1 of 1 +0/,
    );
  });
});
