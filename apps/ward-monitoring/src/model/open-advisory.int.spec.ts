import { access } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { createOnnxEngine, loadBundle, readTrustedKeys } from '@edge-blueprints/inference';
import { expect, test } from 'vitest';
import { drawnWindow } from '../testing/row-models.js';
import { coalitionRows, shapleyOf } from './shapley.js';
import { modelSignals, nothingKnown, windowFeatures, type ModelSignal, type PatientWindow } from './features.js';
import { createRowModel } from './feature-rows.js';
import { openAdvisoryLane } from './open-advisory.js';

const models = fileURLToPath(new URL('../../../../models/bundles/', import.meta.url));
const folder = `${models}vitals-anomaly`;
const there = await access(folder).then(
  () => true,
  () => false,
);
const open = async (name = 'vitals-anomaly') =>
  loadBundle(models + name, { trustedKeys: await readTrustedKeys(`${models}trusted-keys.json`) });
const engineOf = () => createOnnxEngine({ threads: 1 });
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

test.skipIf(!there)('T25: the committed bundle opens, and answers 100 windows again to the last bit', async () => {
  const bundle = await open();
  const engine = engineOf();
  const other = engineOf();
  try {
    const lane = await openAdvisoryLane(bundle, engine);
    const again = await openAdvisoryLane(bundle, other);
    let advised = 0;
    for (let patient = 1; patient <= 100; patient += 1) {
      const first = await lane.judge('bed/07', drawnWindow(patient));
      expect(await again.judge('bed/07', drawnWindow(patient))).toEqual(first);
      expect(first.input.facts['model']).toBe(bundle.variant('fp32-128').modelDigest);
      if (first.kind === 'advice') advised += 1;
    }
    expect(advised).toBeGreaterThan(50);
  } finally {
    await Promise.all([engine.dispose(), other.dispose()]);
  }
});

test.skipIf(!there)(
  'refuses a bundle of another task, and one whose golden vectors another file does not give',
  async () => {
    const engine = engineOf();
    await expect(openAdvisoryLane(await open('surface-anomaly'), engine)).rejects.toMatchObject({
      code: 'ward.model-unfit',
    });
    const bundle = await open();
    const bent = {
      ...bundle,
      golden: (id: string) =>
        bundle.golden(id).map((vector) => ({
          ...vector,
          outputs: Object.fromEntries(
            Object.entries(vector.outputs).map(([name, tensor]) => [
              name,
              { ...tensor, data: Float32Array.from([...tensor.data], (value) => Number(value) + 0.01) },
            ]),
          ),
        })),
    };
    try {
      await expect(openAdvisoryLane(bent, engine)).rejects.toMatchObject({ code: 'bundle.golden-mismatch' });
    } finally {
      await engine.dispose();
    }
  },
);

test.skipIf(!there)(
  'explanations are faithful: taking away what they name first lowers the output sooner than chance',
  async () => {
    const bundle = await open();
    const engine = engineOf();
    try {
      await openAdvisoryLane(bundle, engine);
      const model = createRowModel({
        ...{ engine, input: 'features', output: 'probability', rows: 128, columns: 56, labels: 2 },
        modelDigest: bundle.variant('fp32-128').modelDigest,
      });
      const gains: { readonly ours: number; readonly chance: number }[] = [];
      for (let patient = 1; patient <= 60; patient += 1) {
        const rows = await model.probabilities(coalitionRows(windowFeatures(drawnWindow(patient))));
        const values = rows.map((row) => row[0] ?? Number.NaN);
        const { shares, output, base } = shapleyOf(values);
        if (output < base + 0.1) continue;
        const order = modelSignals.map((signal, k) => ({ k, share: shares[signal] })).sort((a, b) => b.share - a.share);
        let left = 127;
        const ours = order.map(({ k }) => (values[(left &= ~(1 << k))] ?? Number.NaN) - base);
        const bySize = Array.from({ length: 7 }, (_, size) =>
          mean(values.filter((_value, coalition) => coalition.toString(2).replaceAll('0', '').length === size)),
        );
        gains.push({ ours: sum(ours), chance: sum(bySize.map((value) => value - base)) });
      }
      expect(gains.length).toBeGreaterThan(5);
      const [ours, chance] = [mean(gains.map((gain) => gain.ours)), mean(gains.map((gain) => gain.chance))];
      expect(ours).toBeLessThan(0.8 * chance);
    } finally {
      await engine.dispose();
    }
  },
);

test.skipIf(!there)(
  'one abnormal sign in a calm patient is among the first three signs of the explanation',
  async () => {
    const bundle = await open();
    const engine = engineOf();
    const steady = (value: number) => Array.from({ length: 12 }, () => value);
    const calm: PatientWindow = {
      ...nothingKnown,
      ...{ pulse: steady(75), oxygenSaturation: steady(98), respiration: steady(16) },
      ...{ temperature: steady(37), systolic: steady(120), notAlert: steady(0), oxygen: steady(0) },
    };
    const causes: readonly (readonly [ModelSignal, readonly number[]])[] = [
      ['pulse', [125, 135, 145]],
      ['respiration', [28, 30, 34]],
      ['systolic', [85, 80, 75]],
      ['notAlert', [1]],
      ['oxygen', [1]],
    ];
    try {
      await openAdvisoryLane(bundle, engine);
      const model = createRowModel({
        ...{ engine, input: 'features', output: 'probability', rows: 128, columns: 56, labels: 2 },
        modelDigest: bundle.variant('fp32-128').modelDigest,
      });
      const found: string[] = [];
      const missed: string[] = [];
      for (const [cause, levels] of causes)
        for (const level of levels) {
          const rows = coalitionRows(windowFeatures({ ...calm, [cause]: steady(level) }));
          const { shares } = shapleyOf((await model.probabilities(rows)).map((row) => row[0] ?? Number.NaN));
          const first = modelSignals.toSorted((a, b) => Math.abs(shares[b]) - Math.abs(shares[a])).slice(0, 3);
          (first.includes(cause) ? found : missed).push(`${cause} ${level}`);
        }
      expect(missed).toEqual([]);
      expect(found.length).toBe(11);
    } finally {
      await engine.dispose();
    }
  },
);
