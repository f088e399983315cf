import { createRandom } from '@edge-blueprints/contracts';
import type { RowModel } from '../model/feature-rows.js';
import { featureNames, nothingKnown, type PatientWindow } from '../model/features.js';

/** A small network of weights drawn from a seed: smooth, with interactions, and different for every seed. */
export function drawnRowModel(seed: number, labels = 2): RowModel {
  const { next: random } = createRandom(seed);
  const hidden = 12;
  const draw = (count: number, size: number) => Array.from({ length: count }, () => (random() - 0.5) * size);
  const first = Array.from({ length: hidden }, () => draw(featureNames.length, 0.05));
  const second = Array.from({ length: labels }, () => draw(hidden, 4));
  const dot = (a: readonly number[], b: ArrayLike<number>) => a.reduce((total, x, at) => total + x * (b[at] ?? 0), 0);
  return {
    columns: featureNames.length,
    labels,
    probabilities: (rows) =>
      Promise.resolve(
        rows.map((row) => {
          const inner = first.map((weights) => Math.tanh(dot(weights, row)));
          return Float32Array.from(second.map((weights) => 1 / (1 + Math.exp(-dot(weights, inner)))));
        }),
      ),
  };
}

/** A patient who gets worse by the hour, or a calm one; differs by seed. */
export function drawnWindow(seed: number): PatientWindow {
  const { next: random } = createRandom(seed);
  const worse = random() * 4;
  const around = (middle: number, perHour: number, noise: number, known: number) =>
    Array.from({ length: 12 }, (_, hour) =>
      random() < known ? middle + worse * perHour * (12 - hour) + (random() - 0.5) * noise : null,
    );
  return {
    ...nothingKnown,
    pulse: around(80, 1, 10, 0.95),
    oxygenSaturation: around(97, -0.15, 2, 0.9),
    respiration: around(16, 0.3, 4, 0.9),
    temperature: around(36.8, 0.03, 0.4, 0.3),
    systolic: around(125, -1, 12, 0.4),
    notAlert: Array.from({ length: 12 }, (_, hour) => (hour === 2 ? 0 : null)),
    oxygen: Array.from({ length: 12 }, (_, hour) => (hour < 3 && worse > 2 ? 1 : null)),
  };
}
