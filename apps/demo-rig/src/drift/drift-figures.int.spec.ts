import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRandom } from '@edge-blueprints/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lastLabelAccuracy, measureDelay } from './detection-delay.js';
import { errorDetectors } from './error-detectors.js';
import { readStream, type LabelledStream } from './labelled-stream.js';
import { createNaiveBayes } from './naive-bayes.js';
import { measureNull, nullTests } from './null-streams.js';

describe('createNaiveBayes', () => {
  // By hand: classes 0 around 0, 1 around 4, equal spread and as often: the border is 2.
  it('draws the border in the middle of two equal classes', () => {
    const bayes = createNaiveBayes([0]);
    for (const x of [-1, 0, 1]) bayes.learn([x], 0);
    for (const x of [3, 4, 5]) bayes.learn([x], 1);
    expect([1.9, 2.1].map((x) => bayes.predict([x]))).toEqual([0, 1]);
    bayes.reset();
    expect(bayes.predict([4])).toBe(0);
  });

  it('counts categories, in which an order means nothing', () => {
    const bayes = createNaiveBayes([3]);
    for (let i = 0; i < 10; i++) [0, 2].forEach((x) => bayes.learn([x], 1));
    for (let i = 0; i < 20; i++) bayes.learn([1], 0);
    expect([0, 1, 2].map((x) => bayes.predict([x]))).toEqual([1, 0, 1]);
  });
});

/** The class follows the sign of a number; at row 5,000 the sign turns around. */
function turning(changed: boolean): LabelledStream {
  const random = createRandom(3);
  const rows = Array.from({ length: 10_000 }, () => Float64Array.of(random.normal(), random.normal()));
  const labels = Uint8Array.from(rows, (row, i) => ((row[0] ?? 0) > 0 === (changed && i >= 5000) ? 0 : 1));
  return { name: 'turning', rows, labels, categories: [0, 0], changes: changed ? [{ from: 5000, until: 7000 }] : [] };
}

describe('measureDelay', () => {
  it('finds the turn within 100 rows with each detector, without a false alarm, and nothing where nothing turns', () => {
    for (const detector of errorDetectors(100_000)) {
      const turned = measureDelay(turning(true), detector);
      expect(turned).toMatchObject({ detections: 1, falsePer10000: 0 });
      expect(turned.delays?.[0]).toBeLessThan(100);
      expect(turned.accuracy).toBeGreaterThan(0.95);
      detector.reset();
      expect(measureDelay(turning(false), detector)).toMatchObject({ detections: 0, delays: [] });
    }
    expect(measureDelay(turning(true), undefined)).toMatchObject({ detections: 0, delays: [null] });
    expect(lastLabelAccuracy(turning(false))).toBeCloseTo(0.5, 1);
  });
});

describe('readStream', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'edge-drift-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('reads numbers, categories and classes, and names the line of what is neither', async () => {
    await writeFile(join(folder, 'good.csv'), 'a,b,class\n0.5,1,0\n1.5,0,1\n2.5,2,1\n');
    const stream = await readStream(folder, { file: 'good.csv', changes: [] });
    expect(stream).toMatchObject({ name: 'good', categories: [0, 3] });
    expect([...stream.labels]).toEqual([0, 1, 1]);
    await writeFile(join(folder, 'bad.csv'), 'a,b,class\n0.5,1,0\n1.5,x,1\n');
    await expect(readStream(folder, { file: 'bad.csv', changes: [] })).rejects.toThrow(/bad\.csv, line 3: 2 numbers/);
  });
});

describe('measureNull', () => {
  it('counts windows that fire where nothing changes, and gives their interval', () => {
    const [test] = nullTests;
    const [loose] = test ? measureNull(test, 4000, 1) : [];
    expect(loose).toMatchObject({ stream: 'normal', alpha: 0.05, windows: 4000 });
    expect(loose?.ratio).toBeCloseTo((loose?.fired ?? 0) / 4000 / 0.05, 12);
    // Standard error of the ratio: 7 %.
    expect(Math.abs((loose?.ratio ?? 0) - 1)).toBeLessThan(0.2);
    expect(loose?.low).toBeLessThan(loose?.ratio ?? 0);
    expect(loose?.high).toBeGreaterThan(loose?.ratio ?? 0);
  });
});
