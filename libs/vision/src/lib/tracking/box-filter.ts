import type { Box } from '@edge-blueprints/contracts';

/** Where a box will be, from where it was. Time in steps of the reference frame period; velocities per step. */
export interface BoxFilter {
  /** @param coasting true while nothing was seen of it since the step before */
  predict(steps: number, coasting: boolean): void;
  update(box: Box): void;
  /** Nothing was seen of it at this moment. */
  miss(): void;
  /** Undefined where the filter has run off into a box without area. */
  box(): Box | undefined;
  /** Pixels per step of the centre: x, y. */
  velocity(): readonly [number, number];
}

export function boxOf(cx: number, cy: number, width: number, height: number): Box | undefined {
  if (!(width > 0 && height > 0 && Number.isFinite(cx + cy + width + height))) return undefined;
  return { xMin: cx - width / 2, yMin: cy - height / 2, xMax: cx + width / 2, yMax: cy + height / 2 };
}
