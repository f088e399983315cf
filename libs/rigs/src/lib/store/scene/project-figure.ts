import { dressFigure, type DressedFigure } from './dress-figure.js';
import { bodyPoints, type BodyPoint, type Figure } from './figure.js';
import { cameraAxes, nearM, toCamera } from './pinhole-camera.js';
import type { PinholeCamera } from './scene.js';
import type { Skeleton } from './skeleton.js';
import { joined, outlineOf, type Outline } from './solid-outline.js';
import type { Vector3 } from './vector3.js';

export interface ProjectedPoint {
  readonly name: BodyPoint;
  readonly x: number;
  readonly y: number;
  /** Along the direction of view; 0 or less lies behind the lens. */
  readonly depthM: number;
}

/** Where a figure is in a picture, seen through everything. Pixels; the box may reach past the picture's edges. */
export interface ProjectedFigure {
  readonly box: readonly [x0: number, y0: number, x1: number, y1: number];
  readonly points: readonly ProjectedPoint[];
}

/** The nine body points in the room, metres. The head's is the middle of the skull, at about 0.93 of the height. */
export function pointsOf(skeleton: Skeleton): readonly Vector3[] {
  const { head, shoulder, hip, knee, ankle } = skeleton;
  return [head, shoulder.left, shoulder.right, hip.left, hip.right, knee.left, knee.right, ankle.left, ankle.right];
}

/** Undefined when the whole figure is behind the lens. What is carried or pushed does not count. */
export function projectFigure(
  camera: PinholeCamera,
  figure: Figure,
  dressed: DressedFigure = dressFigure(figure),
): ProjectedFigure | undefined {
  const axes = cameraAxes(camera);
  const { focalPx } = axes;
  const outline = dressed.own.reduce<Outline | undefined>((all, solid) => {
    const one = outlineOf(axes, solid);
    return all && one ? joined(all, one) : (all ?? one);
  }, undefined);
  if (!outline) return undefined;
  const [cx, cy] = [camera.width / 2, camera.height / 2];
  const spots = pointsOf(dressed.skeleton);
  return {
    box: [
      outline.left * focalPx + cx,
      outline.top * focalPx + cy,
      outline.right * focalPx + cx,
      outline.bottom * focalPx + cy,
    ],
    points: bodyPoints.map((name, index) => {
      const [x, y, depthM] = toCamera(axes, spots[index] ?? dressed.skeleton.head);
      const z = Math.max(depthM, nearM);
      return { name, x: cx + (focalPx * x) / z, y: cy + (focalPx * y) / z, depthM };
    }),
  };
}
