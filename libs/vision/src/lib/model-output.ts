import { EdgeError, type Box, type Keypoint, type Tensors } from '@edge-blueprints/contracts';

/** What a decoder must know about the model besides its postprocess rules. Width and height of the model input, pixels. */
export interface DecodedModel {
  readonly labels: readonly string[];
  /** Names of the body points that the model gives for each detection, in the order of its channels. */
  readonly keypoints?: readonly string[] | undefined;
  readonly width: number;
  readonly height: number;
}

/** A float32 output with its sizes, checked against what the decoder expects. */
export interface FloatOutput {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** How far quantised sigmoids may step outside of 0 to 1. */
export const scoreSlack = 0.01;

/** False for NaN, infinities and everything that a sigmoid cannot give, such as logits. */
export function isProbability(score: number): boolean {
  return score >= -scoreSlack && score <= 1 + scoreSlack;
}

/**
 * Takes an output by name, or the only one when `name` is undefined, and checks type and sizes.
 * @param expected sizes, -1 where any size is right
 * @throws EdgeError `vision.output-malformed`
 */
export function floatOutput(outputs: Tensors, name: string | undefined, expected: readonly number[]): FloatOutput {
  const names = Object.keys(outputs);
  const key = name ?? (names.length === 1 ? names[0] : undefined);
  const tensor = key === undefined ? undefined : outputs[key];
  if (key === undefined || tensor === undefined) {
    throw malformed(`output ${name ?? '(the only one)'} is not there, the model gave ${names.join(', ') || 'none'}`);
  }
  const { data, dims } = tensor;
  if (!(data instanceof Float32Array)) throw malformed(`output ${key} is ${tensor.dtype}, float32 is needed`);
  const fits = dims.length === expected.length && dims.every((size, i) => expected[i] === -1 || expected[i] === size);
  const count = dims.reduce((product, size) => product * size, 1);
  if (!fits || count !== data.length) {
    const wanted = expected.map((size) => (size === -1 ? 'any' : size)).join('x');
    throw malformed(`output ${key} is ${dims.join('x')} with ${data.length} values, expected ${wanted}`);
  }
  return { dims, data };
}

/** The error of an output that must not be read as "no defect". */
export function malformed(what: string): EdgeError {
  return new EdgeError(
    'vision.output-malformed',
    `The model's output cannot be decoded: ${what}. The part must not pass; check that the bundle's postprocess fits the model.`,
  );
}

export function malformedScore(score: number, key: number): EdgeError {
  return malformed(`score ${score} at position ${key} is no probability`);
}

/**
 * A box within the model input. A box that clipping or an odd regression left without area keeps one pixel: a detection
 * must not vanish because of its shape.
 * @throws EdgeError `vision.output-malformed` when an edge is not a number
 */
export function boxWithin(xMin: number, yMin: number, xMax: number, yMax: number, model: DecodedModel): Box {
  if (!Number.isFinite(xMin + yMin + xMax + yMax)) throw malformed(`box edges ${xMin}, ${yMin}, ${xMax}, ${yMax}`);
  const [left, right] = span(xMin, xMax, model.width);
  const [top, bottom] = span(yMin, yMax, model.height);
  return { xMin: left, yMin: top, xMax: right, yMax: bottom };
}

/** The same from the middle of the box and its size. */
export function boxAround(x: number, y: number, width: number, height: number, model: DecodedModel): Box {
  return boxWithin(x - width / 2, y - height / 2, x + width / 2, y + height / 2, model);
}

/**
 * Reads triples x, y, probability of keypoints.
 * @param step distance in memory between one value and the next
 * @throws EdgeError `vision.output-malformed`
 */
export function readKeypoints(data: Float32Array, from: number, step: number, count: number): readonly Keypoint[] {
  return Array.from({ length: count }, (_, k) => {
    const at = from + 3 * k * step;
    const [x = NaN, y = NaN, score = NaN] = [data[at], data[at + step], data[at + 2 * step]];
    if (!Number.isFinite(x + y)) throw malformed(`keypoint ${k} at ${x}, ${y}`);
    if (!isProbability(score)) throw malformedScore(score, at + 2 * step);
    return { x, y, score: Math.min(Math.max(score, 0), 1) };
  });
}

function span(from: number, to: number, length: number): readonly [number, number] {
  const low = Math.min(Math.max(from, 0), length);
  const high = Math.min(Math.max(to, 0), length);
  if (high > low) return [low, high];
  const start = Math.min(Math.max(Math.round((from + to) / 2 - 0.5), 0), length - 1);
  return [start, start + 1];
}
