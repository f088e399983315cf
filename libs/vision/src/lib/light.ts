import { UsageError, type Box } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { Picture } from './test-and-template.js';

/** Grey levels, 0 to 255. `contrast` is the standard deviation. Colour counts with its green channel. */
export interface LightMeasure {
  readonly mean: number;
  readonly contrast: number;
}

/** What the recipe allows, and where to look; without a patch the whole frame counts. */
export const lightRangeSchema = z.strictObject({
  patch: z.strictObject({ xMin: z.int(), yMin: z.int(), xMax: z.int(), yMax: z.int() }).optional(),
  meanMin: z.number().min(0).max(255),
  meanMax: z.number().min(0).max(255),
  contrastMin: z.number().min(0).max(128),
});

export type LightRange = z.infer<typeof lightRangeSchema>;

export interface LightVerdict extends LightMeasure {
  readonly ok: boolean;
  /** Which bound is broken, with the values; empty when ok. */
  readonly reason: string;
}

// Sampled, because 16,384 pixels already pin a mean of 8-bit values to about +-1 grey level.
const samples = 16_384;

/** Mean and contrast of a patch or the whole picture, from a regular grid of at most about 16,000 pixels. */
export function measureLight(picture: Picture, patch?: Box): LightMeasure {
  const area = patch ?? { xMin: 0, yMin: 0, xMax: picture.width, yMax: picture.height };
  const width = area.xMax - area.xMin;
  const height = area.yMax - area.yMin;
  if (
    width < 1 ||
    height < 1 ||
    area.xMin < 0 ||
    area.yMin < 0 ||
    area.xMax > picture.width ||
    area.yMax > picture.height
  ) {
    throw new UsageError(
      'vision.size',
      `The light patch ${area.xMin},${area.yMin}-${area.xMax},${area.yMax} must lie in the ${picture.width}x${picture.height} frame.`,
    );
  }
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / samples)));
  const channels = picture.format === 'rgb24' ? 3 : 1;
  const green = channels === 3 ? 1 : 0;
  let count = 0;
  let sum = 0;
  let squares = 0;
  for (let y = area.yMin; y < area.yMax; y += step) {
    const row = y * picture.width;
    for (let x = area.xMin; x < area.xMax; x += step) {
      const value = picture.pixels[(row + x) * channels + green] ?? 0;
      count += 1;
      sum += value;
      squares += value * value;
    }
  }
  const mean = sum / count;
  return { mean, contrast: Math.sqrt(Math.max(0, squares / count - mean * mean)) };
}

/** Compares the light with the range of the recipe. */
export function judgeLight(picture: Picture, range: LightRange): LightVerdict {
  const light = measureLight(picture, range.patch);
  const problems: string[] = [];
  if (light.mean < range.meanMin || light.mean > range.meanMax) {
    problems.push(`mean ${light.mean.toFixed(1)} outside ${range.meanMin} to ${range.meanMax}`);
  }
  if (light.contrast < range.contrastMin)
    problems.push(`contrast ${light.contrast.toFixed(1)} below ${range.contrastMin}`);
  return { ...light, ok: problems.length === 0, reason: problems.join('; ') };
}
