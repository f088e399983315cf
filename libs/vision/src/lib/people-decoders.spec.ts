import { createRandom, type Random, type Tensor, type Tensors } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecoder } from './decoder.js';
import type { DecodedModel } from './model-output.js';
import {
  decodeFastestdetReference,
  decodePicodetReference,
  decodeTopDownReference,
  decodeYoloV8PoseReference,
} from './people-decoders.reference.js';
import { postprocessSchema, type Postprocess } from './postprocess-schema.js';

const model = { labels: ['person', 'trolley'], width: 64, height: 32 };
const posed = { labels: ['person'], keypoints: ['head', 'hip', 'foot'], width: 64, height: 32 };

function rulesOf<D extends Postprocess['decoder']>(decoder: D, more: object): Extract<Postprocess, { decoder: D }> {
  const parsed = postprocessSchema.parse({ decoder, scoreFloor: 0.3, ...more });
  const is = (p: Postprocess): p is Extract<Postprocess, { decoder: D }> => p.decoder === decoder;
  if (!is(parsed)) throw new Error('another decoder');
  return parsed;
}

function tensor(dims: readonly number[], value: (i: number) => number): Tensor {
  const length = dims.reduce((a, b) => a * b, 1);
  return { dtype: 'float32', dims, data: Float32Array.from({ length }, (_, i) => value(i)) };
}

/** Eighths, so that equal scores come up. */
const share = (random: Random): number => random.integer(0, 8) / 8;

/** Runs a decoder and its reference on many outputs. */
function agrees<D extends Postprocess['decoder']>(
  decoder: D,
  shape: DecodedModel,
  outputs: (random: Random) => Tensors,
  reference: (outputs: Tensors, rules: Extract<Postprocess, { decoder: D }>, model: DecodedModel) => unknown,
  more: object = {},
): void {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 30 }), (seed, topK) => {
      const suppressed = decoder === 'top-down-heatmap' ? {} : { topK, nmsIou: 0.5 };
      const rules = rulesOf(decoder, { ...suppressed, ...more });
      const given = outputs(createRandom(seed));
      expect(createDecoder(rules, shape)(given)).toEqual(reference(given, rules, shape));
    }),
  );
}

const refused = expect.objectContaining({ code: 'vision.output-malformed' }) as unknown;

describe('yolo-v8-pose decoder', () => {
  const n = 20;
  const values = 4 + 1 + 9;

  it.each([false, true])('agrees with the plain reading of the definition, transposed: %s', (transposed) => {
    const outputs = (random: Random): Tensors => ({
      output0: tensor(transposed ? [1, n, values] : [1, values, n], (i) => {
        const v = transposed ? i % values : Math.floor(i / n);
        const probability = v === 4 || (v > 4 && (v - 5) % 3 === 2);
        return probability ? share(random) : random.integer(0, 40);
      }),
    });
    agrees('yolo-v8-pose', posed, outputs, decodeYoloV8PoseReference, { transposed });
  });

  it('takes keypoints back to the frame, beyond its edges where the model supposes them there', () => {
    const row = [20, 16, 8, 8, 0.75, 20, 12, 0.5, 20, 16, 0.25, 60, 20, 0.125];
    const outputs = { output0: tensor([1, values, 1], (i) => row[i] ?? 0) };
    const mapping = { scaleX: 0.5, scaleY: 0.5, offsetX: 4, offsetY: 0, frameWidth: 100, frameHeight: 64 };
    const [found] = createDecoder(rulesOf('yolo-v8-pose', { nmsIou: 0.5 }), posed)(outputs, mapping);
    expect(found).toEqual({
      ...{ label: 'person', classIndex: 0, score: 0.75, box: { xMin: 24, yMin: 24, xMax: 40, yMax: 40 } },
      keypoints: [
        { x: 32, y: 24, score: 0.5 },
        { x: 32, y: 32, score: 0.25 },
        { x: 112, y: 40, score: 0.125 },
      ],
    });
  });

  it('refuses the export of another number of keypoints, and values that are no numbers', () => {
    const decode = createDecoder(rulesOf('yolo-v8-pose', { nmsIou: 0.5 }), posed);
    expect(() => decode({ output0: tensor([1, 56, n], () => 0) })).toThrow(/1x56x20 .* expected 1x14xany/);
    for (const bad of [0, 4, 5, 7])
      expect(() =>
        decode({
          output0: tensor([1, values, n], (i) => (Math.floor(i / n) === bad ? NaN : i % n === 0 ? 0.5 : 0)),
        }),
      ).toThrow(refused);
  });
});

describe('nms-free decoder with keypoints', () => {
  it('reads them behind the class', () => {
    const row = [1, 2, 9, 8, 0.5, 0, 3, 4, 0.25, 5, 6, 0.75, 7, 8, 1];
    const decode = createDecoder(rulesOf('nms-free', {}), posed);
    expect(decode({ output0: tensor([1, 2, 15], (i) => row[i] ?? 0) })[0]?.keypoints).toEqual([
      { x: 3, y: 4, score: 0.25 },
      { x: 5, y: 6, score: 0.75 },
      { x: 7, y: 8, score: 1 },
    ]);
  });
});

describe('picodet decoder', () => {
  const n = 25;

  it('agrees with the plain reading of the definition', () => {
    const outputs = (random: Random): Tensors => ({
      boxes: tensor([1, n, 4], (i) => random.integer(0, 30) + (i % 4 > 1 ? 20 : 0)),
      scores: tensor([1, 2, n], () => share(random)),
    });
    agrees('picodet', model, outputs, decodePicodetReference);
  });

  it('refuses scores that are no probabilities and boxes for another number of positions', () => {
    const decode = createDecoder(rulesOf('picodet', { nmsIou: 0.5 }), model);
    const boxes = tensor([1, n, 4], () => 1);
    expect(() => decode({ boxes, scores: tensor([1, 2, n], () => -3) })).toThrow(refused);
    expect(() => decode({ boxes, scores: tensor([1, 2, n + 1], () => 0) })).toThrow(/boxes is 1x25x4 .* 1x26x4/);
  });
});

describe('fastestdet decoder', () => {
  it('agrees with the plain reading of the definition', () => {
    const outputs = (random: Random): Tensors => ({
      out: tensor([1, 7, 4, 8], (i) => (i < 32 || i >= 160 ? share(random) : random.integer(-8, 8) / 4)),
    });
    agrees('fastestdet', model, outputs, decodeFastestdetReference);
  });

  it('refuses NaN in objectness, class and box', () => {
    const decode = createDecoder(rulesOf('fastestdet', { nmsIou: 0.5 }), model);
    for (const plane of [0, 1, 3, 5])
      expect(() => decode({ out: tensor([1, 7, 4, 8], (i) => (Math.floor(i / 32) === plane ? NaN : 0.5)) })).toThrow(
        refused,
      );
  });
});

describe('top-down-heatmap decoder', () => {
  it('agrees with the plain reading of the definition', () => {
    const outputs = (random: Random): Tensors => ({ maps: tensor([1, 3, 8, 16], () => share(random) * 1.05 - 0.02) });
    agrees('top-down-heatmap', posed, outputs, decodeTopDownReference);
  });

  it('refuses logits: they are no heat', () => {
    const decode = createDecoder(rulesOf('top-down-heatmap', {}), posed);
    expect(() => decode({ maps: tensor([1, 3, 8, 16], (i) => i - 200) })).toThrow(refused);
  });
});
