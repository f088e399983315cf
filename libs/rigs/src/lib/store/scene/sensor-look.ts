import { createRandom } from '@edge-blueprints/contracts';
import type { Colour } from './figure.js';
import type { SceneLook } from './scene.js';

export const steps = 4096;
/** Linear light that reaches white. */
export const whiteAt = 1.35;

/** Linear light 0 to `whiteAt` in `steps` to a grey level: gamma 2.2 with a soft shoulder. */
export function toneCurve(): Uint8Array {
  return Uint8Array.from({ length: steps }, (_, index) => {
    const light = (index / (steps - 1)) * whiteAt;
    const bent = light < 0.6 ? light : 0.6 + (1 - Math.exp(-(light - 0.6) * 1.6)) * 0.52;
    return Math.round(255 * Math.min(bent, 1) ** (1 / 2.2));
  });
}

/** What the lamps and the automatic exposure make of white: the camera follows the light only in part. */
export function lookGain({ light, colourTemperatureK }: SceneLook): Colour {
  const exposure = Math.max(light, 0.01) ** 0.8;
  // Warm lamps left half corrected by the white balance; 4,500 K is neutral.
  const warm = Math.min(Math.max((4500 - colourTemperatureK) / 4500, -0.6), 0.6) * 0.55;
  return [exposure * (1 + warm * 0.6), exposure, exposure * (1 - warm)];
}

/** Weights of a normalised Gaussian from the middle outwards. */
export function gaussWeights(sigma: number): readonly number[] {
  if (sigma < 0.15) return [1];
  const reach = Math.max(Math.ceil(sigma * 1.8), 1);
  const raw = Array.from({ length: reach + 1 }, (_, index) => Math.exp(-(index * index) / (2 * sigma * sigma)));
  const sum = raw.reduce((total, value, index) => total + (index === 0 ? value : 2 * value), 0);
  return raw.map((value) => value / sum);
}

/** Darkening towards the corners: the fourth power of the cosine, weakened, per pixel. */
export function vignetteOf(width: number, height: number): Float32Array {
  const out = new Float32Array(width * height);
  const reach = 0.55 / (width / 2) ** 2;
  for (let row = 0; row < height; row += 1) {
    for (let column = 0; column < width; column += 1) {
      const square = (column + 0.5 - width / 2) ** 2 + (row + 0.5 - height / 2) ** 2;
      out[row * width + column] = 1 / (1 + square * reach * 0.45);
    }
  }
  return out;
}

export const noiseLength = 3 << 16;

/** Units of the noise tile that make one standard deviation. */
export const noiseUnit = 32;

let tile: Int8Array | undefined;

/** Sensor noise, interleaved RGB, mostly the same on all three channels; every renderer starts elsewhere in it. */
export function noiseTile(): Int8Array {
  tile ??= makeNoise();
  return tile;
}

function makeNoise(): Int8Array {
  const random = createRandom(20_231);
  const noise = new Int8Array(noiseLength);
  for (let index = 0; index + 2 < noiseLength; index += 3) {
    // A sum of uniform numbers is near enough to normal; 0.85 squared and 0.53 squared add up to 1.
    const common = (random.next() + random.next() + random.next() - 1.5) * 2 * 0.85;
    for (let channel = 0; channel < 3; channel += 1) {
      const own = (random.next() + random.next() - 1) * 2.45 * 0.53;
      noise[index + channel] = Math.max(-127, Math.min(127, Math.round((common + own) * noiseUnit)));
    }
  }
  return noise;
}
