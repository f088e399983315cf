import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { featureNames, hourlyMedians, modelSignals, nothingKnown, windowFeatures } from './features.js';
import { createVitalMemory } from './vital-memory.js';

const file = new URL('../../../../models/vitals-anomaly/feature-vectors.json', import.meta.url);
const { features: names, vectors } = z
  .object({
    features: z.array(z.string()),
    vectors: z.array(
      z.object({
        nowMinute: z.int(),
        series: z.partialRecord(z.enum(modelSignals), z.array(z.tuple([z.number(), z.number()]))),
        features: z.array(z.number()),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(file, 'utf8')));

test('gives what the training computed from the same minutes, column by column', () => {
  expect(featureNames).toEqual(names);
  expect(vectors.length).toBeGreaterThanOrEqual(10);
  for (const { nowMinute, series, features } of vectors) {
    const hours = Object.fromEntries(
      modelSignals.map((signal) => [
        signal,
        hourlyMedians(
          (series[signal] ?? []).map(([minute, value]) => ({ minute, value })),
          nowMinute,
        ),
      ]),
    );
    const row = windowFeatures({ ...nothingKnown, ...hours });
    const worst = Math.max(...row.map((value, at) => Math.abs(value - (features[at] ?? Number.NaN))));
    // float32 of values up to 300
    expect(worst).toBeLessThan(2e-5);
  }
});

test('the memory keeps minute means of the window, refuses the impossible and forgets', () => {
  const memory = createVitalMemory();
  for (const [atMs, value] of [
    [0, 60],
    [1_000, 70],
    [61_000, 90],
    [62_000, 999],
  ] as const)
    memory.add('pulse', atMs, value);
  expect(memory.refused).toBe(1);
  // minute means 65 and 90
  expect(memory.window(120_000).pulse[0]).toBe(77.5);
  memory.add('pulse', 13 * 3_600_000, 80);
  expect(memory.window(13 * 3_600_000).pulse).toEqual([80, ...Array.from({ length: 11 }, () => null)]);
  memory.add('pulse', 0, 60);
  expect(memory.refused).toBe(2);
});
