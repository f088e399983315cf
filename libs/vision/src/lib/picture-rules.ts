import { EdgeError, type InferenceEngine, type Tensors } from '@edge-blueprints/contracts';
import type { BoxMapping } from './box-mapping.js';
import type { PictureTensor } from './level-tables.js';

/** How pixels become the values of a model's input: the part that the `preprocess` of a bundle says for every picture. */
export interface PictureRules {
  /** Name of the input tensor. */
  readonly input: string;
  readonly layout: 'nchw' | 'nhwc';
  readonly channels: 'gray' | 'rgb' | 'bgr';
  readonly padValue: number;
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** An input of the engine, filled, and the way back from its pixels to those of the frame. */
export interface PreparedPicture {
  readonly inputs: Tensors;
  readonly mapping: BoxMapping;
}

/** Where preparation takes its tensors from. */
export type InputOwner = Pick<InferenceEngine, 'allocateInputs'>;

/** An input of the engine with what its rules and its sizes say. */
export interface PictureInput {
  readonly inputs: Tensors;
  readonly data: Float32Array | Uint8Array;
  readonly tensor: PictureTensor;
}

/** @throws EdgeError `preprocess.input` when the engine's input does not fit the rules */
export function pictureInput(rules: PictureRules, engine: InputOwner): PictureInput {
  const inputs = engine.allocateInputs();
  const input = inputs[rules.input];
  if (input === undefined || !(input.data instanceof Uint8Array || input.data instanceof Float32Array)) {
    throw inputError(rules, `${input?.dtype ?? 'not there'}, expected uint8 or float32`);
  }
  const channels = rules.channels === 'gray' ? 1 : 3;
  const [batch, first = 0, second = 0, third = 0] = input.dims;
  const [depth, dstHeight, dstWidth] = rules.layout === 'nchw' ? [first, second, third] : [third, first, second];
  if (batch !== 1 || input.dims.length !== 4 || depth !== channels) {
    throw inputError(
      rules,
      `[${input.dims.join(', ')}], expected one ${rules.layout} picture of ${channels} channel(s)`,
    );
  }
  const float = input.data instanceof Float32Array;
  return {
    inputs,
    data: input.data,
    tensor: {
      ...{ dstWidth, dstHeight, channels, layout: rules.layout, dtype: float ? 'float32' : 'uint8' },
      ...(rules.channels === 'bgr' ? { channelOrder: 'bgr' } : {}),
      ...(float ? { scale: rules.scale, mean: rules.mean, std: rules.std } : {}),
    },
  };
}

function inputError(rules: PictureRules, what: string): EdgeError {
  return new EdgeError('preprocess.input', `The model's input ${rules.input} is ${what}`);
}
