import type { Picture } from './test-and-template.js';

/** What a picture is like, whatever it shows. Colour counts with its green channel. */
export interface PictureFeatures {
  /** Mean grey level, 0 to 1. */
  readonly brightness: number;
  /** Standard deviation of the grey level, 0 to 0.5. */
  readonly contrast: number;
  /**
   * Variance of the 4-neighbour Laplacian of the grey level (0 to 1): falls when the picture is out of focus. The focus
   * measure of Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", ICPR 2000.
   */
  readonly sharpness: number;
}

const samples = 16_384;

/** From a regular grid of at most about 16,000 pixels, the outermost ring left out. Pictures below 3x3 have sharpness 0. */
export function pictureFeatures(picture: Picture): PictureFeatures {
  const { width, height, pixels } = picture;
  const channels = picture.format === 'rgb24' ? 3 : 1;
  const green = channels === 3 ? 1 : 0;
  const step = Math.max(1, Math.floor(Math.sqrt((width * height) / samples)));
  const row = width * channels;
  let count = 0;
  let sum = 0;
  let squares = 0;
  let edgeSum = 0;
  let edgeSquares = 0;
  for (let y = 1; y < height - 1; y += step) {
    let at = y * row + channels + green;
    for (let x = 1; x < width - 1; x += step, at += step * channels) {
      const value = pixels[at] ?? 0;
      const around =
        (pixels[at - channels] ?? 0) + (pixels[at + channels] ?? 0) + (pixels[at - row] ?? 0) + (pixels[at + row] ?? 0);
      const edge = around - 4 * value;
      count += 1;
      sum += value;
      squares += value * value;
      edgeSum += edge;
      edgeSquares += edge * edge;
    }
  }
  if (count === 0) return { brightness: (pixels[green] ?? 0) / 255, contrast: 0, sharpness: 0 };
  const mean = sum / count;
  const edgeMean = edgeSum / count;
  return {
    brightness: mean / 255,
    contrast: Math.sqrt(Math.max(0, squares / count - mean * mean)) / 255,
    sharpness: Math.max(0, edgeSquares / count - edgeMean * edgeMean) / (255 * 255),
  };
}
