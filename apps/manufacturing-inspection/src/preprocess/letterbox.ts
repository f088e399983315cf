import { EdgeError } from '@edge-blueprints/contracts';
import type { Frame, InferenceEngine, Tensor } from '@edge-blueprints/contracts';
import { createLetterbox } from '@edge-blueprints/vision';
import type { Letterbox } from '@edge-blueprints/vision';
import type { PreparedInput } from '../line.js';
import type { PreprocessRules } from './preprocess.js';

type LetterboxRules = Extract<PreprocessRules, { kind: 'letterbox' }>;

/** Sizes of frames whose tables are kept; a camera has one, a folder of cut-out parts has many. */
const keptSizes = 32;

/**
 * Scales the frame into an input of the engine, with its sides kept and bars around it.
 * @throws EdgeError `preprocess.input` when the engine's input does not fit the bundle's rules
 */
export function createLetterboxPreprocess(options: {
  readonly rules: LetterboxRules;
  readonly engine: Pick<InferenceEngine, 'allocateInputs'>;
}): (frame: Frame) => PreparedInput {
  const { rules } = options;
  const letterboxes = new Map<string, Letterbox>();
  const letterboxFor = (frame: Frame, input: Tensor): Letterbox => {
    const key = `${frame.width}x${frame.height} ${frame.format} ${input.dims.join('x')}`;
    const made = letterboxes.get(key) ?? letterboxOf(rules, frame, input);
    letterboxes.delete(key);
    letterboxes.set(key, made);
    const oldest = letterboxes.keys().next();
    if (letterboxes.size > keptSizes && oldest.done !== true) letterboxes.delete(oldest.value);
    return made;
  };
  return (frame) => {
    const inputs = options.engine.allocateInputs();
    const input = inputs[rules.input];
    if (input === undefined || !(input.data instanceof Uint8Array || input.data instanceof Float32Array)) {
      throw new EdgeError(
        'preprocess.input',
        `The model's input ${rules.input} is ${input?.dtype ?? 'not there'}, expected uint8 or float32`,
      );
    }
    const letterbox = letterboxFor(frame, input);
    letterbox.write(frame.pixels, input.data);
    return { inputs, mapping: letterbox.mapping };
  };
}

function letterboxOf(rules: LetterboxRules, frame: Frame, input: Tensor): Letterbox {
  const channels = rules.channels === 'gray' ? 1 : 3;
  const [batch, first = 0, second = 0, third = 0] = input.dims;
  const [depth, height, width] = rules.layout === 'nchw' ? [first, second, third] : [third, first, second];
  if (batch !== 1 || input.dims.length !== 4 || depth !== channels) {
    throw new EdgeError(
      'preprocess.input',
      `The model's input ${rules.input} is [${input.dims.join(', ')}], expected one ${rules.layout} picture of ${channels} channel(s)`,
    );
  }
  const float = input.data instanceof Float32Array;
  return createLetterbox({
    srcWidth: frame.width,
    srcHeight: frame.height,
    format: frame.format,
    dstWidth: width,
    dstHeight: height,
    channels,
    layout: rules.layout,
    dtype: float ? 'float32' : 'uint8',
    padValue: rules.padValue,
    ...(rules.channels === 'bgr' ? { channelOrder: 'bgr' } : {}),
    ...(float ? { scale: rules.scale, mean: rules.mean, std: rules.std } : {}),
  });
}
