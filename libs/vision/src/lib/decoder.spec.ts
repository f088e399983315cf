import { createRandom, EdgeError, type Random, type Tensors } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createDecoder } from './decoder.js';
import { decodeCentreLtrbReference, decodeYoloV8Reference } from './decoder.reference.js';
import { postprocessSchema, type Postprocess } from './postprocess-schema.js';

const labels = ['open', 'short', 'spur'];
const model = { labels, width: 64, height: 32 };

function rulesOf<D extends Postprocess['decoder']>(
  decoder: D,
  more: object = {},
): Extract<Postprocess, { decoder: D }> {
  const parsed = postprocessSchema.parse({
    decoder,
    scoreFloor: 0.1,
    ...(decoder === 'nms-free' ? {} : { nmsIou: 0.4 }),
    ...more,
  });
  if (!isDecoder(parsed, decoder)) throw new EdgeError('test.schema', 'wrong branch');
  return parsed;
}

function isDecoder<D extends Postprocess['decoder']>(
  p: Postprocess,
  decoder: D,
): p is Extract<Postprocess, { decoder: D }> {
  return p.decoder === decoder;
}

function tensor(
  dims: readonly number[],
  value: (i: number) => number,
): { dtype: 'float32'; dims: readonly number[]; data: Float32Array } {
  return {
    dtype: 'float32',
    dims,
    data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => value(i)),
  };
}

// 8x4 cells of stride 8.
function centreOutputs(random: Random, density = 0.2): Tensors {
  return {
    scores: tensor([1, 3, 4, 8], () => (random.next() < density ? random.next() : random.next() * 0.05)),
    boxes: tensor([1, 4, 4, 8], () => random.next() * 20),
  };
}

function put(outputs: Tensors, name: string, index: number, value: number): void {
  const data = outputs[name]?.data;
  if (data instanceof Float32Array) data[index] = value;
}

describe('centre-ltrb decoder', () => {
  const rules = rulesOf('centre-ltrb', { stride: 8 });

  it('places a box around the centre of its cell', () => {
    const outputs = centreOutputs(createRandom(1), 0);
    const cell = 2 * 8 + 5;
    put(outputs, 'scores', 1 * 32 + cell, 0.75);
    [10, 4, 6, 8].forEach((distance, side) => put(outputs, 'boxes', side * 32 + cell, distance));
    expect(createDecoder(rules, model)(outputs)).toEqual([
      { label: 'short', classIndex: 1, score: 0.75, box: { xMin: 34, yMin: 16, xMax: 50, yMax: 28 } },
    ]);
  });

  it('maps boxes back to the frame when given a mapping', () => {
    const outputs = centreOutputs(createRandom(1), 0);
    put(outputs, 'scores', 0, 0.75);
    [4, 4, 4, 4].forEach((distance, side) => put(outputs, 'boxes', side * 32, distance));
    const mapping = { scaleX: 0.5, scaleY: 0.5, offsetX: 0, offsetY: 4, frameWidth: 128, frameHeight: 48 };
    expect(createDecoder(rules, model)(outputs, mapping)[0]?.box).toEqual({ xMin: 0, yMin: 0, xMax: 16, yMax: 8 });
  });

  it('agrees with the plain reading of the definition, also when more candidates come than are kept', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (seed, topK, density) => {
          const outputs = centreOutputs(createRandom(seed), density);
          const own = rulesOf('centre-ltrb', { stride: 8, topK });
          expect(createDecoder(own, model)(outputs)).toEqual(decodeCentreLtrbReference(outputs, own, model));
        },
      ),
    );
  });

  it('keeps nothing from the frame before', () => {
    const decode = createDecoder(rules, model);
    decode(centreOutputs(createRandom(5), 1));
    expect(decode(centreOutputs(createRandom(6), 0))).toEqual([]);
  });

  it('keeps a detection whose box has no area', () => {
    const outputs = { scores: tensor([1, 3, 4, 8], (i) => (i === 9 ? 0.9 : 0)), boxes: tensor([1, 4, 4, 8], () => -3) };
    const [found] = createDecoder(rules, model)(outputs);
    expect(found?.box).toEqual({ xMin: 12, yMin: 12, xMax: 13, yMax: 13 });
  });

  it.each([
    ['NaN in a score', { score: NaN }],
    ['infinite score', { score: Infinity }],
    ['negative score', { score: -0.5 }],
    ['a score that is no probability', { score: 3.2 }],
  ])('refuses %s anywhere in the map', (_, { score }) => {
    const outputs = {
      scores: tensor([1, 3, 4, 8], (i) => (i === 95 ? score : 0)),
      boxes: tensor([1, 4, 4, 8], () => 1),
    };
    expect(() => createDecoder(rules, model)(outputs)).toThrow(
      expect.objectContaining({ code: 'vision.output-malformed' }),
    );
  });

  it('refuses a box edge that is not a number, missing outputs, other sizes and other types', () => {
    const scores = tensor([1, 3, 4, 8], () => 0.5);
    const bad: Tensors[] = [
      { scores, boxes: tensor([1, 4, 4, 8], (i) => (i === 40 ? NaN : 1)) },
      { scores },
      {},
      { scores, boxes: tensor([1, 4, 8, 4], () => 1) },
      {
        scores: { dtype: 'float32', dims: [1, 3, 4, 8], data: new Float32Array(3) },
        boxes: tensor([1, 4, 4, 8], () => 1),
      },
      {
        scores: { dtype: 'uint8', dims: [1, 3, 4, 8], data: new Uint8Array(96) },
        boxes: tensor([1, 4, 4, 8], () => 1),
      },
    ];
    for (const outputs of bad) {
      expect(() => createDecoder(rules, model)(outputs)).toThrow(
        expect.objectContaining({ code: 'vision.output-malformed' }),
      );
    }
  });
});

describe('yolo-v8 decoder', () => {
  const rules = rulesOf('yolo-v8');
  const outputs = (random: Random, density: number): Tensors => ({
    output0: tensor([1, 7, 40], (i) =>
      i < 160 ? random.next() * 30 : random.next() < density ? random.next() : random.next() * 0.05,
    ),
  });

  it('agrees with the plain reading of the definition', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer({ min: 1, max: 50 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (seed, topK, density) => {
          const own = rulesOf('yolo-v8', { topK });
          const given = outputs(createRandom(seed), density);
          expect(createDecoder(own, model)(given)).toEqual(decodeYoloV8Reference(given, own, model));
        },
      ),
    );
  });

  it('refuses NaN scores and a class count that differs from the labels', () => {
    const withNaN = { output0: tensor([1, 7, 40], (i) => (i === 279 ? NaN : 0)) };
    expect(() => createDecoder(rules, model)(withNaN)).toThrow(EdgeError);
    expect(() => createDecoder(rules, model)({ output0: tensor([1, 8, 40], () => 0) })).toThrow(
      /1x8x40 .* expected 1x7xany/,
    );
  });
});

describe('yolo-v8 decoder with equal class scores', () => {
  it('takes the first class', () => {
    const tied = { output0: tensor([1, 7, 40], (i) => (i < 160 ? 10 : i % 40 === 3 ? 0.5 : 0)) };
    expect(createDecoder(rulesOf('yolo-v8'), model)(tied)).toMatchObject([{ classIndex: 0, score: 0.5 }]);
  });
});

describe('nms-free decoder', () => {
  const rules = rulesOf('nms-free');
  const rows = (list: readonly (readonly number[])[]): Tensors => ({
    output0: tensor([1, list.length, 6], (i) => list.flat()[i] ?? 0),
  });

  it('takes rows as they are, best first, and skips unused ones', () => {
    const found = createDecoder(
      rules,
      model,
    )(
      rows([
        [1, 2, 3, 4, 0.25, 2],
        [5, 6, 9, 9, 0.5, 0],
        [0, 0, 0, 0, 0, 0],
      ]),
    );
    expect(found).toEqual([
      { label: 'open', classIndex: 0, score: 0.5, box: { xMin: 5, yMin: 6, xMax: 9, yMax: 9 } },
      { label: 'spur', classIndex: 2, score: 0.25, box: { xMin: 1, yMin: 2, xMax: 3, yMax: 4 } },
    ]);
  });

  it('refuses a class outside of the labels, a broken class index and NaN', () => {
    for (const row of [
      [1, 2, 3, 4, 0.5, 3],
      [1, 2, 3, 4, 0.5, 0.5],
      [1, 2, 3, 4, NaN, 0],
      [NaN, 2, 3, 4, 0.5, 0],
    ]) {
      expect(() => createDecoder(rules, model)(rows([row]))).toThrow(
        expect.objectContaining({ code: 'vision.output-malformed' }),
      );
    }
  });
});

describe('yolox decoder', () => {
  const square = { labels, width: 32, height: 32 };
  // Strides 8 and 16 give 16 + 4 positions.
  const outputs = (row: number, values: readonly number[]): Tensors => ({
    output: tensor([1, 20, 8], (i) => (Math.floor(i / 8) === row ? (values[i % 8] ?? 0) : 0)),
  });

  it('applies grid and stride: row 6 is column 2, line 1 of stride 8', () => {
    const rules = rulesOf('yolox', { strides: [8, 16] });
    const found = createDecoder(rules, square)(outputs(6, [0.5, 0.25, Math.log(2), 0, 0.5, 0.5, 0.875, 0]));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ label: 'short', score: 0.4375 });
    // Centre (2.5, 1.25) cells = (20, 10) px, size 16 x 8.
    expect(found[0]?.box.xMin).toBeCloseTo(12, 4);
    expect(found[0]?.box).toMatchObject({ yMin: 6, yMax: 14 });
  });

  it('uses the second stride for the positions after the first grid', () => {
    const found = createDecoder(
      rulesOf('yolox', { strides: [8, 16] }),
      square,
    )(outputs(19, [0.5, 0.5, 0, 0, 1, 1, 0, 0]));
    expect(found[0]?.box).toEqual({ xMin: 16, yMin: 16, xMax: 32, yMax: 32 });
  });

  it('takes pixels as they are when the graph applied the grid', () => {
    const rules = rulesOf('yolox', { strides: [8, 16], gridInGraph: true });
    expect(createDecoder(rules, square)(outputs(6, [20, 10, 16, 8, 1, 1, 0, 0]))[0]?.box).toEqual({
      xMin: 12,
      yMin: 6,
      xMax: 28,
      yMax: 14,
    });
  });

  it('drops what objectness times class leaves below the floor, refuses NaN', () => {
    const rules = rulesOf('yolox', { strides: [8, 16] });
    expect(createDecoder(rules, square)(outputs(6, [0, 0, 0, 0, 0.3, 0.3, 0, 0]))).toEqual([]);
    expect(() => createDecoder(rules, square)(outputs(6, [0, 0, 0, 0, NaN, 0.3, 0, 0]))).toThrow(EdgeError);
    expect(() => createDecoder(rules, square)(outputs(6, [0, 0, 0, 0, 0.9, NaN, 0, 0]))).toThrow(EdgeError);
  });
});

describe('postprocess rules', () => {
  it('refuses unknown decoders and unknown keys', () => {
    expect(postprocessSchema.safeParse({ decoder: 'yolo-v3', scoreFloor: 0.1 }).success).toBe(false);
    expect(postprocessSchema.safeParse({ decoder: 'nms-free', scoreFloor: 0.1, nmsIou: 0.4 }).success).toBe(false);
  });
});
