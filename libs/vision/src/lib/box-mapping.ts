import type { Box, Keypoint } from '@edge-blueprints/contracts';

/**
 * How pixels of the frame became pixels of the model input: `model = frame * scale + offset`, per axis.
 * `frameWidth` and `frameHeight` bound what maps back.
 */
export interface BoxMapping {
  readonly scaleX: number;
  readonly scaleY: number;
  readonly offsetX: number;
  readonly offsetY: number;
  readonly frameWidth: number;
  readonly frameHeight: number;
}

/** Pixels of the model input back to pixels of the frame, clipped to the frame. */
export function toFrameBox(box: Box, mapping: BoxMapping): Box {
  const { scaleX, scaleY, offsetX, offsetY, frameWidth, frameHeight } = mapping;
  return {
    xMin: clamp((box.xMin - offsetX) / scaleX, frameWidth),
    yMin: clamp((box.yMin - offsetY) / scaleY, frameHeight),
    xMax: clamp((box.xMax - offsetX) / scaleX, frameWidth),
    yMax: clamp((box.yMax - offsetY) / scaleY, frameHeight),
  };
}

/** A point of the model input back to pixels of the frame; it may lie outside, where the model supposes it. */
export function toFramePoint(point: Keypoint, { scaleX, scaleY, offsetX, offsetY }: BoxMapping): Keypoint {
  return { x: (point.x - offsetX) / scaleX, y: (point.y - offsetY) / scaleY, score: point.score };
}

function clamp(value: number, max: number): number {
  return Math.min(Math.max(value, 0), max);
}
