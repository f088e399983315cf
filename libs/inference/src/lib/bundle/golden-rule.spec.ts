import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Tensor } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { detectorReading } from './golden-rule.js';
import type { BundleManifest, GoldenTolerance } from './manifest.js';
import { judgeVector } from './verify-golden.js';

interface Values {
  readonly dims: readonly number[];
  readonly data: readonly (number | null)[];
}

interface Cases {
  readonly manifest: BundleManifest;
  readonly tolerance: Readonly<Record<string, GoldenTolerance>>;
  readonly cases: readonly {
    readonly name: string;
    readonly passes: boolean;
    readonly parity: { readonly factor: number; readonly outlierShare: number } | null;
    readonly rows: Readonly<Record<string, readonly [number, number]>>;
    readonly expected: Readonly<Record<string, Values>>;
    readonly got: Readonly<Record<string, Values>>;
    readonly manifest?: BundleManifest;
    readonly tolerance?: Readonly<Record<string, GoldenTolerance>>;
  }[];
}

const file = resolve(import.meta.dirname, '../../../../../models/sidecar/tests/golden-cases.json');
const told = JSON.parse(readFileSync(file, 'utf8')) as Cases;

const tensors = (values: Readonly<Record<string, Values>>): Record<string, Tensor> =>
  Object.fromEntries(
    Object.entries(values).map(([name, { dims, data }]) => [
      name,
      { dtype: 'float32', dims, data: Float32Array.from(data, (value) => value ?? NaN) },
    ]),
  );

describe('the golden rule, as the sidecar and the workshop follow it', () => {
  it.each(told.cases.map((each) => [each.name, each] as const))('%s', (_, each) => {
    const vector = { name: 'v', outputs: tensors(each.expected), tolerance: each.tolerance ?? told.tolerance };
    const reading = detectorReading(each.manifest ?? told.manifest);
    const judged = judgeVector(vector, tensors(each.got), reading, each.parity ?? undefined);
    expect(judged.problems.length === 0, judged.problems.join('\n')).toBe(each.passes);
    expect(
      Object.fromEntries(judged.comparisons.map(({ output, outliers, values }) => [output, outliers / values])),
    ).toEqual(Object.fromEntries(Object.entries(each.rows).map(([output, [all]]) => [output, all])));
  });
});
