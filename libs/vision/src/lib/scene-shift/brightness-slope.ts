import type { ScenePlane } from './scene-plane.js';

/** Direction of the brightness slope at every pixel: unit vectors, 0 where it is flat. Gain and offset of the light cancel. */
export interface SlopePlane {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly steepness: Float32Array;
  /** The steepest pixels, at most a fifth of all, in order of place. */
  readonly edges: Int32Array;
}

/** Grey levels over two pixels; below it is noise. */
const flat = 3;
const edgeShare = 0.2;

export function brightnessSlope({ width, height, luma, scale }: ScenePlane): SlopePlane {
  const [x, y, steepness] = [0, 1, 2].map(() => new Float32Array(luma.length));
  if (x === undefined || y === undefined || steepness === undefined) throw new TypeError('three planes');
  const histogram = new Uint32Array(512);
  for (let row = 1; row < height - 1; row += 1) {
    for (let column = 1; column < width - 1; column += 1) {
      const i = row * width + column;
      const gx = (luma[i + 1] ?? 0) - (luma[i - 1] ?? 0);
      const gy = (luma[i + width] ?? 0) - (luma[i - width] ?? 0);
      const length = Math.hypot(gx, gy);
      if (length < flat) continue;
      x[i] = gx / length;
      y[i] = gy / length;
      steepness[i] = length;
      const bin = Math.floor(length);
      histogram[bin] = (histogram[bin] ?? 0) + 1;
    }
  }
  let allowed = edgeShare * luma.length;
  let least = histogram.length;
  while (least > flat && allowed - (histogram[least - 1] ?? 0) >= 0) {
    least -= 1;
    allowed -= histogram[least] ?? 0;
  }
  const edges: number[] = [];
  steepness.forEach((length, i) => {
    if (length >= least) edges.push(i);
  });
  return { width, height, scale, x, y, steepness, edges: Int32Array.from(edges) };
}
