import { createRandom, type Tensors } from '@edge-blueprints/contracts';
import { createDecoder, createLetterbox } from '@edge-blueprints/vision';
import {
  decodeCentreLtrbReference,
  decodeYoloV8Reference,
  letterboxReference,
} from '@edge-blueprints/vision/reference';
import { inTurns, ratioOf, type Ratio } from './compare.js';

const side = 640;
const sizes = [
  { id: 'preprocess', name: '1080p', width: 1920, height: 1080 },
  { id: 'preprocess-900', name: '1600 x 900', width: 1600, height: 900 },
] as const;

/** A colour frame to a 640 x 640 planar float input: tables and fixed point, over float arithmetic a pixel. */
export async function preprocessing(rounds: number): Promise<readonly Ratio[]> {
  const ratios: Ratio[] = [];
  for (const size of sizes) ratios.push(await letterboxed(rounds, size));
  return ratios;
}

async function letterboxed(rounds: number, { id, name, width, height }: (typeof sizes)[number]): Promise<Ratio> {
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
  return ratioOf(id, `${name} letterbox + normalise over naive`, a, b, 0.15);
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

/** The head of our own detectors, 6 x 80 x 80, with the few candidates of a bad board. */
export async function ownPostprocessing(rounds: number): Promise<readonly Ratio[]> {
  const random = createRandom(5);
  const labels = ['open', 'short', 'mousebite', 'spur', 'copper', 'pin-hole'];
  const cells = 80 * 80;
  const scores = Float32Array.from({ length: labels.length * cells }, () => random.next() / 200);
  for (let i = 0; i < 60; i++) scores[random.integer(0, scores.length - 1)] = random.next();
  const boxes = Float32Array.from({ length: 4 * cells }, () => 10 + 20 * random.next());
  const outputs: Tensors = {
    scores: { dtype: 'float32', dims: [1, labels.length, 80, 80], data: scores },
    boxes: { dtype: 'float32', dims: [1, 4, 80, 80], data: boxes },
  };
  const rules = {
    decoder: 'centre-ltrb',
    scores: 'scores',
    boxes: 'boxes',
    stride: 8,
    scoreFloor: 0.02,
    topK: 300,
    nmsIou: 0.4,
  } as const;
  const model = { labels, width: side, height: side };
  const decode = createDecoder(rules, model);
  const { a, b } = await inTurns(
    rounds,
    () => decode(outputs),
    () => decodeCentreLtrbReference(outputs, rules, model),
  );
  return [ratioOf('postprocess-own', 'decode + NMS of 6 x 80 x 80 over naive', a, b, null)];
}
