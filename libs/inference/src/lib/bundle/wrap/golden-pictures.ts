import { createRandom, type TensorSpec } from '@edge-blueprints/contracts';
import { createLetterboxPreparation, createPersonCropPreparation } from '@edge-blueprints/vision';
import { bytesOf, bytesPerElement, copyOf, elementsOf, isTensorDtype, tensorDataOf } from '../../tensor-bytes.js';
import type { BundleManifest } from '../manifest.js';

/** Drawn, so that a bundle passes on nobody's picture. */
const drawnPictures = 2;

/**
 * Inputs of the golden vectors: upright figures before a graded background, drawn from a seed and prepared as the bundle says.
 * @returns bytes of the input tensor by name of the vector
 */
export function drawGoldenInputs(
  preprocess: Exclude<BundleManifest['preprocess'], { kind: 'test-and-template' | 'window-features' }>,
  input: TensorSpec,
  size: { readonly width: number; readonly height: number },
  seed: number,
): ReadonlyMap<string, Uint8Array> {
  const inputs = new Map<string, Uint8Array>();
  const { dtype, dims } = input;
  if (!isTensorDtype(dtype)) return inputs;
  const data = tensorDataOf(dtype, new Uint8Array(elementsOf(dims) * bytesPerElement[dtype]));
  const engine = { allocateInputs: () => ({ [input.name]: { dtype, dims, data } }) };
  for (let i = 1; i <= drawnPictures; i += 1) {
    const pixels = drawnFigures(size.width, size.height, seed + i);
    const frame = { ...size, format: 'rgb24' as const, pixels };
    const whole = { xMin: 0, yMin: 0, xMax: size.width, yMax: size.height };
    if (preprocess.kind === 'person-crop')
      createPersonCropPreparation({ rules: { ...preprocess, margin: 1 }, engine })(frame, whole);
    else {
      const times = { source: 'drawn', sequence: i, capturedAtMs: 0, receivedAtMs: 0, epochMs: 0 };
      createLetterboxPreparation({ rules: preprocess, engine })({ ...times, ...frame });
    }
    inputs.set(`drawn-${i}`, copyOf(bytesOf(data)));
  }
  return inputs;
}

function drawnFigures(width: number, height: number, seed: number): Uint8Array {
  const random = createRandom(seed);
  const pixels = new Uint8Array(width * height * 3);
  const colour = () => [random.integer(20, 235), random.integer(20, 235), random.integer(20, 235)];
  const [above, below] = [colour(), colour()];
  const paint = (x: number, y: number, value: readonly number[]): void => {
    if (x < 0 || y < 0 || x >= width || y >= height) return;
    pixels.set(value, (y * width + x) * 3);
  };
  for (let y = 0; y < height; y += 1) {
    const share = y / height;
    const row = above.map((level, c) => Math.round(level * (1 - share) + (below[c] ?? 0) * share));
    for (let x = 0; x < width; x += 1) paint(x, y, row);
  }
  const ellipse = (cx: number, cy: number, rx: number, ry: number, value: readonly number[]): void => {
    for (let y = Math.floor(cy - ry); y <= cy + ry; y += 1)
      for (let x = Math.floor(cx - rx); x <= cx + rx; x += 1)
        if (((x - cx) / rx) ** 2 + ((y - cy) / ry) ** 2 <= 1) paint(x, y, value);
  };
  for (let i = 0; i < 4; i += 1) {
    const tall = height * (0.3 + 0.5 * random.next());
    const x = width * (0.1 + 0.8 * random.next());
    const foot = height * (0.7 + 0.28 * random.next());
    const [skin, top, bottom] = [colour(), colour(), colour()];
    ellipse(x - tall * 0.05, foot - tall * 0.22, tall * 0.05, tall * 0.24, bottom);
    ellipse(x + tall * 0.05, foot - tall * 0.22, tall * 0.05, tall * 0.24, bottom);
    ellipse(x, foot - tall * 0.62, tall * 0.14, tall * 0.24, top);
    ellipse(x, foot - tall * 0.92, tall * 0.06, tall * 0.08, skin);
  }
  return pixels;
}
