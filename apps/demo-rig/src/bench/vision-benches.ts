import { createRandom, type Tensors } from '@edge-blueprints/contracts';
import { createDecoder, createLetterbox } from '@edge-blueprints/vision';
import { decodeYoloV8Reference, letterboxReference } from '@edge-blueprints/vision/reference';
import { inTurns, ratioOf, type Ratio } from './compare.js';

const [width, height, side] = [1920, 1080, 640];

/** 1080p colour to a 640 x 640 planar float input: tables and fixed point, over float arithmetic a pixel. */
export async function preprocessing(rounds: number): Promise<readonly Ratio[]> {
  const random = createRandom(3);
  const pixels = Uint8Array.from({ length: width * height * 3 }, () => random.integer(0, 255));
  const options = {
    srcWidth: width,
    srcHeight: height,
    format: 'rgb24',
    dstWidth: side,
    dstHeight: side,
    channels: 3,
    layout: 'nchw',
    dtype: 'float32',
    scale: 1 / 255,
  } as const;
  const letterbox = createLetterbox(options);
  const out = new Float32Array(letterbox.length);
  const { a, b } = await inTurns(
    rounds,
    () => letterbox.write(pixels, out),
    () => letterboxReference(options, pixels),
  );
  return [ratioOf('preprocess', '1080p letterbox + normalise over naive', a, b, 0.15)];
}

/** A YOLOv8 head of 84 x 8400: class-major and threshold first, over anchor-major. */
export async function postprocessing(rounds: number): Promise<readonly Ratio[]> {
  const random = createRandom(4);
  const anchors = 8400;
  const data = new Float32Array(84 * anchors);
  for (let i = 0; i < anchors; i++) {
    data.set([random.next() * side], i);
    data.set([random.next() * side], anchors + i);
    data.set([20 + random.next() * 60], 2 * anchors + i);
    data.set([20 + random.next() * 60], 3 * anchors + i);
  }
  for (let i = 4 * anchors; i < data.length; i++) data[i] = random.next() ** 40;
  const labels = Array.from({ length: 80 }, (_, i) => `class-${i}`);
  const outputs: Tensors = { output0: { dtype: 'float32', dims: [1, 84, anchors], data } };
  const rules = { decoder: 'yolo-v8', output: 'output0', scoreFloor: 0.25, topK: 300, nmsIou: 0.5 } as const;
  const model = { labels, width: side, height: side };
  const decode = createDecoder(rules, model);
  const { a, b } = await inTurns(
    rounds,
    () => decode(outputs),
    () => decodeYoloV8Reference(outputs, rules, model),
  );
  return [ratioOf('postprocess', 'YOLOv8 decode + NMS over naive', a, b, 0.4)];
}
