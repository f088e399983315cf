import type { FloorPoint } from '@edge-blueprints/contracts';

/** Row-major 3x3; takes (x, y, 1) of a pixel to floor metres up to scale. The scale is positive for the seen floor. */
export type Homography = readonly number[];

/** Metres on the floor; undefined on and above the horizon, where a pixel shows no floor. */
export function pixelToFloor(homography: Homography, pixel: readonly [x: number, y: number]): FloorPoint | undefined {
  return project(homography, pixel);
}

/** Pixel of a place on the floor; undefined for what lies behind the camera, or where the matrix has no inverse. */
export function floorToPixel(homography: Homography, floor: FloorPoint): readonly [x: number, y: number] | undefined {
  const inverse = invertHomography(homography);
  return inverse && project(inverse, floor);
}

export function project(h: Homography, [x, y]: readonly [number, number]): readonly [number, number] | undefined {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, i = 0, j = 0] = h;
  const w = g * x + i * y + j;
  if (!(w > 1e-12)) return undefined;
  return [(a * x + b * y + c) / w, (d * x + e * y + f) / w];
}

export function multiply(p: Homography, q: Homography): number[] {
  return Array.from({ length: 9 }, (_, k) => {
    const row = Math.floor(k / 3) * 3;
    const column = k % 3;
    return (
      (p[row] ?? 0) * (q[column] ?? 0) +
      (p[row + 1] ?? 0) * (q[3 + column] ?? 0) +
      (p[row + 2] ?? 0) * (q[6 + column] ?? 0)
    );
  });
}

/** The inverse with the sign of the scale kept: what has a positive scale one way has one on the way back. */
export function invertHomography(h: Homography): number[] | undefined {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, i = 0, j = 0] = h;
  const determinant = a * (e * j - f * i) - b * (d * j - f * g) + c * (d * i - e * g);
  if (determinant === 0 || !Number.isFinite(determinant)) return undefined;
  return [
    e * j - f * i,
    c * i - b * j,
    b * f - c * e,
    f * g - d * j,
    a * j - c * g,
    c * d - a * f,
    d * i - e * g,
    b * g - a * i,
    a * e - b * d,
  ].map((value) => value / determinant);
}
