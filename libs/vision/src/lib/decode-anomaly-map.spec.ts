import type { Tensors } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecoder } from './decoder.js';
import { postprocessSchema } from './postprocess-schema.js';

const width = 8;
const height = 6;
const model = { labels: ['anomaly'], width: width * 4, height: height * 4 };

function decoder(changes: Record<string, unknown> = {}) {
  const rules = { decoder: 'anomaly-map', stride: 4, scoreFloor: 0.05, pixelThreshold: 0.5, ...changes };
  return createDecoder(postprocessSchema.parse(rules), model);
}

function outputs(cells: Readonly<Record<string, number>>, score: number): Tensors {
  const data = new Float32Array(width * height);
  for (const [at, value] of Object.entries(cells)) {
    const [x = 0, y = 0] = at.split(',').map(Number);
    data[y * width + x] = value;
  }
  return {
    anomaly_map: { dtype: 'float32', dims: [1, 1, height, width], data },
    score: { dtype: 'float32', dims: [1], data: Float32Array.of(score) },
  };
}

describe('anomaly-map decoder', () => {
  it('joins touching cells, corners included, into one box in pixels of the input', () => {
    const found = decoder()(outputs({ '1,1': 0.6, '2,2': 0.8, '3,2': 0.7, '6,4': 0.9 }, 0.85));
    expect(found).toEqual([
      {
        label: 'anomaly',
        classIndex: 0,
        score: expect.closeTo(0.85, 5),
        box: { xMin: 24, yMin: 16, xMax: 28, yMax: 20 },
      },
      { label: 'anomaly', classIndex: 0, score: expect.closeTo(0.8, 5), box: { xMin: 4, yMin: 4, xMax: 16, yMax: 12 } },
    ]);
  });

  it('gives the cell with the highest value when no cell reaches the pixel threshold', () => {
    const found = decoder()(outputs({ '5,3': 0.4, '1,1': 0.3 }, 0.45));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ score: expect.closeTo(0.45, 5), box: { xMin: 20, yMin: 12, xMax: 24, yMax: 16 } });
  });

  it('drops specks below the smallest region, but never the verdict', () => {
    const speck = outputs({ '2,2': 0.95 }, 0.7);
    expect(decoder({ minCells: 3 })(speck)).toEqual([expect.objectContaining({ score: expect.closeTo(0.7, 5) })]);
  });

  it('finds nothing below the score floor', () => {
    expect(decoder()(outputs({ '5,3': 0.9 }, 0.04))).toEqual([]);
  });

  it('takes boxes back to the frame', () => {
    const mapping = { scaleX: 2, scaleY: 2, offsetX: 4, offsetY: 0, frameWidth: 14, frameHeight: 12 };
    expect(decoder()(outputs({ '2,1': 0.9 }, 0.9), mapping)[0]?.box).toEqual({ xMin: 2, yMin: 2, xMax: 4, yMax: 4 });
  });

  it.each([
    ['a value that is not a number', outputs({ '1,1': NaN }, 0.9)],
    ['a distance instead of a probability', outputs({ '1,1': 17 }, 0.9)],
    ['a score that is not a number', outputs({}, NaN)],
    [
      'a map of another size',
      {
        ...outputs({}, 0.5),
        anomaly_map: { dtype: 'float32', dims: [1, 1, 2, 2], data: new Float32Array(4) },
      } as const,
    ],
    [
      'no score',
      {
        anomaly_map: outputs({}, 0.5)['anomaly_map'] ?? { dtype: 'float32', dims: [], data: new Float32Array() },
      } as const,
    ],
  ])('refuses %s', (_case, tensors) => {
    expect(() => decoder()(tensors)).toThrowError(expect.objectContaining({ code: 'vision.output-malformed' }));
  });

  it('rejects exactly when the score of the picture reaches the threshold, and boxes hold every marked cell', () => {
    const value = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(value, { minLength: 48, maxLength: 48 }), value, value, (cells, score, threshold) => {
        const tensors = {
          anomaly_map: { dtype: 'float32', dims: [1, 1, height, width], data: Float32Array.from(cells) },
          score: { dtype: 'float32', dims: [1], data: Float32Array.of(score) },
        } as const;
        const found = decoder({ topK: 100 })(tensors);
        const counts = Math.fround(score) >= Math.max(threshold, 0.05);
        expect(found.some((each) => each.score >= Math.max(threshold, Math.fround(0.05)))).toBe(
          counts && Math.fround(score) >= Math.fround(0.05),
        );
        if (found.length === 0) return;
        for (const [i, cell] of cells.entries()) {
          if (Math.fround(cell) < 0.5) continue;
          const [x, y] = [(i % width) * 4 + 2, Math.floor(i / width) * 4 + 2];
          expect(found.some(({ box }) => x > box.xMin && x < box.xMax && y > box.yMin && y < box.yMax)).toBe(true);
        }
      }),
    );
  });
});
