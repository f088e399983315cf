import type { Box, CameraCalibration, FloorPoint } from '@edge-blueprints/contracts';
import { headToFoot, invertHomography, pixelToFloor } from '@edge-blueprints/vision';

type Pixel = readonly [x: number, y: number];

/** What a calibration says about points above the floor: its lens hangs `heightM` over `nadir`. */
export interface UprightCamera {
  /** The place under a point that is so high over the floor. */
  down(pixel: Pixel, heightM: number): FloorPoint | undefined;
  /** How far `down` goes astray for one metre of wrong height at this pixel. */
  metresPerHeight(pixel: Pixel): number;
  /** How far `down` goes astray for one pixel. */
  metresPerPx(pixel: Pixel, heightM: number): number;
  /**
   * Where somebody of this stature stands whose box this is. Wide lenses show people tilted: the place is the one whose
   * upright body has this box, not the one under the middle of its lower edge.
   * @param fit `bottom` matches the lower edge, `middle` the middle of the box
   */
  underBox(box: Box, statureM: number, fit: 'bottom' | 'middle'): FloorPoint | undefined;
}

/** An upright body as rings: share of the stature, and half of the width, metres. */
const rings = [
  [0, 0.12],
  [0.5, 0.18],
  [0.82, 0.22],
  [1, 0.09],
] as const;
const rounds = 4;

export function createUprightCamera({ homography, nadir, heightM }: CameraCalibration): UprightCamera {
  const toPixel = invertHomography(homography) ?? [];
  const down = (pixel: Pixel, atM: number): FloorPoint | undefined => {
    const floor = pixelToFloor(homography, pixel);
    return floor && headToFoot(floor, nadir, heightM, atM);
  };
  const up = ([x, y]: FloorPoint, atM: number): Pixel | undefined => {
    const factor = heightM / Math.max(0.05, heightM - atM);
    return pixelToFloor(toPixel, [nadir[0] + (x - nadir[0]) * factor, nadir[1] + (y - nadir[1]) * factor]);
  };
  const boxAt = ([x, y]: FloorPoint, statureM: number): Box | undefined => {
    let [xMin, yMin, xMax, yMax] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const [share, half] of rings) {
      for (const [dx, dy] of around) {
        const pixel = up([x + dx * half, y + dy * half], share * statureM);
        if (!pixel) return undefined;
        xMin = Math.min(xMin, pixel[0]);
        xMax = Math.max(xMax, pixel[0]);
        yMin = Math.min(yMin, pixel[1]);
        yMax = Math.max(yMax, pixel[1]);
      }
    }
    return { xMin, yMin, xMax, yMax };
  };
  return {
    down,
    metresPerHeight: (pixel) => {
      const floor = pixelToFloor(homography, pixel);
      return floor ? Math.hypot(floor[0] - nadir[0], floor[1] - nadir[1]) / heightM : 0;
    },
    metresPerPx: (pixel, atM) => {
      const here = down(pixel, atM);
      const right = down([pixel[0] + 1, pixel[1]], atM);
      const below = down([pixel[0], pixel[1] + 1], atM);
      if (!here || !right || !below) return Number.POSITIVE_INFINITY;
      return Math.max(
        Math.hypot(right[0] - here[0], right[1] - here[1]),
        Math.hypot(below[0] - here[0], below[1] - here[1]),
      );
    },
    underBox: (box, statureM, fit) => {
      const mark = (b: Box): Pixel => [(b.xMin + b.xMax) / 2, fit === 'bottom' ? b.yMax : (b.yMin + b.yMax) / 2];
      const target = mark(box);
      let pixel = target;
      for (let round = 0; round < rounds; round += 1) {
        const floor = pixelToFloor(homography, pixel);
        const seen = floor && boxAt(floor, statureM);
        if (!seen) return undefined;
        const [x, y] = mark(seen);
        pixel = [pixel[0] + target[0] - x, pixel[1] + target[1] - y];
      }
      return pixelToFloor(homography, pixel);
    },
  };
}

const around = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;
