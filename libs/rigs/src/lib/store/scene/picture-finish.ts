import { createRandom } from '@edge-blueprints/contracts';
import { spansOf } from './pixel-spans.js';
import type { PixelArea, SceneCanvas } from './scene-canvas.js';
import type { SceneLook } from './scene.js';
import {
  gaussWeights,
  lookGain,
  noiseLength,
  noiseTile,
  noiseUnit,
  steps,
  toneCurve,
  vignetteOf,
  whiteAt,
} from './sensor-look.js';

/** From linear light to the bytes of a camera. */
export interface PictureFinish {
  /** Develops the empty room when the look is a new one; `canvas` must hold it without people. */
  prepare(canvas: SceneCanvas, look: SceneLook): void;
  /** Develops the areas where people are, over the empty room, and adds the noise of this frame. Areas are of the canvas. */
  develop(
    canvas: SceneCanvas,
    look: SceneLook,
    frameNumber: number,
    areas: readonly PixelArea[],
    out: Uint8Array,
  ): void;
}

type Spans = ReturnType<typeof spansOf>;

export function createPictureFinish(
  size: { readonly width: number; readonly height: number },
  samples: 1 | 2,
  seed: number,
  /** Every picture has another look: the empty room is not kept, each picture is developed whole. */
  everyLook: boolean,
): PictureFinish {
  const { width, height } = size;
  const curve = toneCurve();
  const vignette = vignetteOf(width, height);
  const empty = new Uint8Array(everyLook ? 0 : width * height * 3);
  /** Light of the picture before the blur: outside people always the empty room's. */
  const sharp = new Float32Array(width * height * 3);
  const emptySharp = new Float32Array(everyLook ? 0 : width * height * 3);
  const level = new Float32Array(width * height * 3);
  let ready: SceneLook | undefined;
  const noise = new Int8Array(noiseLength);
  let noiseOf = -1;
  const noiseFor = (look: SceneLook): Int8Array => {
    if (look.noise === noiseOf) return noise;
    const tile = noiseTile();
    const scale = look.noise / noiseUnit;
    for (let index = 0; index < noiseLength; index += 1) {
      noise[index] = Math.max(-127, Math.min(127, Math.round((tile[index] ?? 0) * scale)));
    }
    noiseOf = look.noise;
    return noise;
  };

  const developSpans = (canvas: SceneCanvas, look: SceneLook, areas: readonly PixelArea[], out: Uint8Array): Spans => {
    const weights = gaussWeights(look.blurPx);
    const reach = weights.length - 1;
    const touched = spansOf(areas, 0, width, height);
    gather(canvas, lookGain(look), vignette, { width, samples, spans: touched, sharp });
    if (reach === 0) {
      tone(curve, sharp, { width, spans: touched, out });
      return touched;
    }
    const seen = spansOf(areas, reach, width, height);
    // The downward pass reads rows above and below: the sideways pass covers them too.
    blurSideways(sharp, level, { width, height, spans: spansOf(areas, 2 * reach, width, height), weights });
    blurDownToTone(level, curve, { width, height, spans: seen, weights, out });
    return touched;
  };

  return {
    prepare: (canvas, look) => {
      if (everyLook) return;
      const same =
        ready !== undefined &&
        ready.light === look.light &&
        ready.colourTemperatureK === look.colourTemperatureK &&
        ready.sun === look.sun &&
        ready.blurPx === look.blurPx;
      if (same) return;
      developSpans(canvas, look, [{ left: 0, top: 0, right: width, bottom: height }], empty);
      emptySharp.set(sharp);
      ready = { ...look };
    },
    develop: (canvas, look, frameNumber, areas, out) => {
      if (everyLook) {
        developSpans(canvas, look, [{ left: 0, top: 0, right: width, bottom: height }], out);
        if (look.noise > 0) addNoise(out, noiseFor(look), noiseStart(seed, frameNumber), width);
        return;
      }
      out.set(empty);
      const pixels = areas.map(({ left, top, right, bottom }) => ({
        left: Math.floor(left / samples),
        top: Math.floor(top / samples),
        right: Math.ceil(right / samples),
        bottom: Math.ceil(bottom / samples),
      }));
      const touched = developSpans(canvas, look, pixels, out);
      touched.forEach((runs, row) => {
        for (let run = 0; run + 1 < runs.length; run += 2) {
          const from = (row * width + (runs[run] ?? 0)) * 3;
          sharp.set(emptySharp.subarray(from, (row * width + (runs[run + 1] ?? 0)) * 3), from);
        }
      });
      if (look.noise > 0) addNoise(out, noiseFor(look), noiseStart(seed, frameNumber), width);
    },
  };
}

/** Averages the samples of a pixel, with gain and vignette. */
function gather(
  { colour }: SceneCanvas,
  gain: readonly [number, number, number],
  vignette: Float32Array,
  into: { readonly width: number; readonly samples: 1 | 2; readonly spans: Spans; readonly sharp: Float32Array },
): void {
  const { width, samples, spans, sharp } = into;
  const stride = width * samples * 3;
  spans.forEach((runs, row) => {
    for (let run = 0; run + 1 < runs.length; run += 2) {
      const end = runs[run + 1] ?? 0;
      for (let column = runs[run] ?? 0; column < end; column += 1) {
        const pixel = row * width + column;
        const k = (vignette[pixel] ?? 1) / (samples * samples);
        let from = row * samples * stride + column * samples * 3;
        for (let channel = 0; channel < 3; channel += 1, from += 1) {
          let sum = colour[from] ?? 0;
          if (samples === 2) {
            sum += (colour[from + 3] ?? 0) + (colour[from + stride] ?? 0) + (colour[from + stride + 3] ?? 0);
          }
          sharp[pixel * 3 + channel] = sum * k * (channel === 0 ? gain[0] : channel === 1 ? gain[1] : gain[2]);
        }
      }
    }
  });
}

interface BlurPass {
  readonly width: number;
  readonly height: number;
  readonly spans: Spans;
  readonly weights: readonly number[];
}

function blurSideways(from: Float32Array, to: Float32Array, { width, spans, weights }: BlurPass): void {
  const reach = weights.length - 1;
  const middle = weights[0] ?? 1;
  const beside = weights[1] ?? 0;
  spans.forEach((runs, row) => {
    for (let run = 0; run + 1 < runs.length; run += 2) {
      const end = runs[run + 1] ?? 0;
      for (let column = runs[run] ?? 0; column < end; column += 1) {
        const index = (row * width + column) * 3;
        const left = column > 0 ? index - 3 : index;
        const right = column + 1 < width ? index + 3 : index;
        let r = (from[index] ?? 0) * middle + ((from[left] ?? 0) + (from[right] ?? 0)) * beside;
        let g = (from[index + 1] ?? 0) * middle + ((from[left + 1] ?? 0) + (from[right + 1] ?? 0)) * beside;
        let b = (from[index + 2] ?? 0) * middle + ((from[left + 2] ?? 0) + (from[right + 2] ?? 0)) * beside;
        for (let d = 2; d <= reach; d += 1) {
          const before = index - Math.min(d, column) * 3;
          const after = index + Math.min(d, width - 1 - column) * 3;
          const weight = weights[d] ?? 0;
          r += ((from[before] ?? 0) + (from[after] ?? 0)) * weight;
          g += ((from[before + 1] ?? 0) + (from[after + 1] ?? 0)) * weight;
          b += ((from[before + 2] ?? 0) + (from[after + 2] ?? 0)) * weight;
        }
        to[index] = r;
        to[index + 1] = g;
        to[index + 2] = b;
      }
    }
  });
}

function blurDownToTone(
  from: Float32Array,
  curve: Uint8Array,
  { width, height, spans, weights, out }: BlurPass & { readonly out: Uint8Array },
): void {
  const reach = weights.length - 1;
  const middle = weights[0] ?? 1;
  const beside = weights[1] ?? 0;
  const scale = (steps - 1) / whiteAt;
  const rowLength = width * 3;
  spans.forEach((runs, row) => {
    const above = row > 0 ? rowLength : 0;
    const below = row + 1 < height ? rowLength : 0;
    for (let run = 0; run + 1 < runs.length; run += 2) {
      const end = row * rowLength + (runs[run + 1] ?? 0) * 3;
      for (let index = row * rowLength + (runs[run] ?? 0) * 3; index < end; index += 1) {
        let sum = (from[index] ?? 0) * middle + ((from[index - above] ?? 0) + (from[index + below] ?? 0)) * beside;
        for (let d = 2; d <= reach; d += 1) {
          const a = index - Math.min(d, row) * rowLength;
          const b = index + Math.min(d, height - 1 - row) * rowLength;
          sum += ((from[a] ?? 0) + (from[b] ?? 0)) * (weights[d] ?? 0);
        }
        out[index] = curve[Math.min((sum * scale) | 0, steps - 1)] ?? 255;
      }
    }
  });
}

function tone(
  curve: Uint8Array,
  from: Float32Array,
  { width, spans, out }: { readonly width: number; readonly spans: Spans; readonly out: Uint8Array },
): void {
  const scale = (steps - 1) / whiteAt;
  spans.forEach((runs, row) => {
    for (let run = 0; run + 1 < runs.length; run += 2) {
      const end = (row * width + (runs[run + 1] ?? 0)) * 3;
      for (let index = (row * width + (runs[run] ?? 0)) * 3; index < end; index += 1) {
        out[index] = curve[Math.min(((from[index] ?? 0) * scale) | 0, steps - 1)] ?? 255;
      }
    }
  });
}

function noiseStart(seed: number, frameNumber: number): number {
  return createRandom((seed ^ Math.imul(frameNumber + 1, 0x9e3779b1)) >>> 0).integer(0, 2 ** 31);
}

/** Every row starts at another place of the tile, so that no pattern repeats. */
function addNoise(out: Uint8Array, noise: Int8Array, start: number, width: number): void {
  const clamped = new Uint8ClampedArray(out.buffer, out.byteOffset, out.length);
  const rowBytes = width * 3;
  const places = Math.floor((noiseLength - rowBytes) / 3);
  let state = start >>> 0;
  for (let from = 0; from < clamped.length; from += rowBytes) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    const offset = (state % places) * 3 - from;
    const end = from + rowBytes;
    for (let index = from; index < end; index += 1) {
      clamped[index] = (clamped[index] ?? 0) + (noise[offset + index] ?? 0);
    }
  }
}
