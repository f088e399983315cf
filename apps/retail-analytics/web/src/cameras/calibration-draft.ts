import type { CalibrationPoint } from '@edge-blueprints/contracts';
import { typedNumber } from '../figures/typed-number.js';

/** A point as it is typed. */
export interface DraftPoint {
  readonly u: string;
  readonly v: string;
  readonly x: string;
  readonly y: string;
}

export const draftFields = ['u', 'v', 'x', 'y'] as const;
export const emptyPoint: DraftPoint = { u: '', v: '', x: '', y: '' };

/** Null while a field is missing or no number. */
export function pointOf({ u, v, x, y }: DraftPoint): CalibrationPoint | null {
  const [pixelX, pixelY, floorX, floorY] = [typedNumber(u), typedNumber(v), typedNumber(x), typedNumber(y)];
  if (pixelX === null || pixelY === null || floorX === null || floorY === null) return null;
  return { pixel: [pixelX, pixelY], floor: [floorX, floorY] };
}

export function draftOf({ pixel, floor }: CalibrationPoint): DraftPoint {
  const text = (value: number): string => String(Math.round(value * 100) / 100);
  return { u: text(pixel[0]), v: text(pixel[1]), x: text(floor[0]), y: text(floor[1]) };
}
