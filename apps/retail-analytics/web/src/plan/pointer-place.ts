import type { FloorPoint } from '@edge-blueprints/contracts';

export interface PointerPlace {
  readonly at: FloorPoint;
  /** Metres of the floor under one pixel of the screen. */
  readonly metresPerPixel: number;
}

/** Where on the floor a pointer is, in a drawing in centimetres; null while the drawing has no place on the screen. */
export function pointerPlace(
  event: { readonly clientX: number; readonly clientY: number; readonly currentTarget: SVGSVGElement },
  depthM: number,
): PointerPlace | null {
  const matrix = event.currentTarget.getScreenCTM();
  if (matrix === null || matrix.a === 0) return null;
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
  return { at: [x / 100, depthM - y / 100], metresPerPixel: 0.01 / matrix.a };
}
