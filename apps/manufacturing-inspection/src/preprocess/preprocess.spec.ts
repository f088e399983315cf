import type { Tensor } from '@edge-blueprints/contracts';
import { toFrameBox } from '@edge-blueprints/vision';
import { describe, expect, it } from 'vitest';
import { aFrame } from '../testing/fakes.js';
import { createPreprocess } from './preprocess.js';
import type { PreprocessRules } from './preprocess.js';

const letterbox = {
  kind: 'letterbox',
  input: 'image',
  layout: 'nchw',
  channels: 'gray',
  padValue: 0,
  scale: 1,
  mean: [],
  std: [],
} satisfies PreprocessRules;

function engineWith(tensor: Tensor) {
  return { allocateInputs: () => ({ image: tensor }) };
}
const grey = (height: number, width: number, channels = 1): Tensor => ({
  dtype: 'uint8',
  dims: [1, channels, height, width],
  data: new Uint8Array(channels * height * width).fill(7),
});

describe('preprocess of a model that looks at the part alone', () => {
  it('scales the frame into the input, black bars around it, and boxes come back to the frame', async () => {
    const input = grey(16, 32);
    const prepare = createPreprocess({ rules: letterbox, engine: engineWith(input), templateOf: undefined });
    const frame = aFrame({ width: 40, height: 40, pixels: new Uint8Array(1600).fill(200) });
    const { mapping } = await prepare(frame);
    const row = [...input.data.subarray(0, 32)];
    expect(row).toEqual([...Array(8).fill(0), ...Array(16).fill(200), ...Array(8).fill(0)]);
    expect(toFrameBox({ xMin: 8, yMin: 0, xMax: 24, yMax: 16 }, mapping)).toEqual({
      xMin: 0,
      yMin: 0,
      xMax: 40,
      yMax: 40,
    });
  });

  it('takes frames of changing sizes one after the other', async () => {
    const input = grey(16, 32);
    const prepare = createPreprocess({ rules: letterbox, engine: engineWith(input), templateOf: undefined });
    for (let size = 20; size < 100; size += 1) {
      const { mapping } = await prepare(
        aFrame({ width: size, height: 2 * size, pixels: new Uint8Array(2 * size * size) }),
      );
      expect(mapping).toMatchObject({ frameWidth: size, frameHeight: 2 * size });
    }
  });

  it('refuses an input of the engine that its bundle does not describe', () => {
    const prepare = createPreprocess({ rules: letterbox, engine: engineWith(grey(16, 32, 3)), templateOf: undefined });
    expect(() => prepare(aFrame())).toThrowError(expect.objectContaining({ code: 'preprocess.input' }));
  });
});

it('refuses a model that compares with a template where there is none', () => {
  const rules = { kind: 'test-and-template', input: 'image', luma: 'bt601' } as const;
  expect(() => createPreprocess({ rules, engine: engineWith(grey(8, 8, 2)), templateOf: undefined })).toThrowError(
    expect.objectContaining({ code: 'station.templates-missing' }),
  );
});
