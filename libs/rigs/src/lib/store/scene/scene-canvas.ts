/**
 * What is drawn into: linear light, depth and who is in front, all row-major. `owner` 0 is the room; n is the n-th
 * figure counted from 1. `surface` tells the room's own surface behind everything.
 */
export interface SceneCanvas {
  readonly width: number;
  readonly height: number;
  readonly colour: Float32Array;
  readonly depth: Float32Array;
  readonly owner: Uint16Array;
  readonly surface: Uint8Array;
  /** The last figure whose outline covered the pixel, in front or not. */
  readonly stamp: Uint16Array;
}

export const surfaces = { none: 0, floor: 1, other: 2, mirror: 3 } as const;

export function createSceneCanvas(width: number, height: number): SceneCanvas {
  const pixels = width * height;
  return {
    width,
    height,
    colour: new Float32Array(pixels * 3),
    depth: new Float32Array(pixels).fill(Infinity),
    owner: new Uint16Array(pixels),
    surface: new Uint8Array(pixels),
    stamp: new Uint16Array(pixels),
  };
}

/** Whole pixels: left and top are inside, right and bottom are not. */
export interface PixelArea {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
