import { nearM, toCamera, type CameraAxes } from './pinhole-camera.js';
import type { PixelArea } from './scene-canvas.js';
import { boxCorners, ellipsoid, plain, type Solid } from './solid.js';
import { add, times, type Vector3 } from './vector3.js';

/** Edges of a rectangle of the picture, in pixels from the middle of the picture divided by the focal length. */
export interface Outline {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

const everything: Outline = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };

/** The smallest upright rectangle around a solid's picture; undefined when it lies behind the lens. */
export function outlineOf(axes: CameraAxes, solid: Solid): Outline | undefined {
  if (solid.kind === 'box') return aroundPoints(boxCorners(solid).map((corner) => toCamera(axes, corner)));
  const flat = solid.kind === 'tube';
  const start = aroundBall(axes, solid, 0, solid.ra, flat);
  if (solid.length === 0) return start;
  const end = aroundBall(axes, solid, solid.length, solid.rb, flat);
  return start && end ? joined(start, end) : (start ?? end);
}

export function joined(a: Outline, b: Outline): Outline {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}

/** Whether anything within `radiusM` of a place can be in an area of the picture. Areas are in pixels of `size`. */
export function mayBeSeen(
  axes: CameraAxes,
  centre: Vector3,
  radiusM: number,
  area: PixelArea,
  size: { readonly width: number; readonly height: number },
): boolean {
  const ball = ellipsoid(centre, [0, 1, 0], [0, 0, 1], [radiusM, radiusM, radiusM], anyMaterial);
  const outline = outlineOf(axes, ball);
  if (!outline) return false;
  const [cx, cy, f] = [size.width / 2, size.height / 2, axes.focalPx];
  return (
    outline.right * f + cx > area.left &&
    outline.left * f + cx < area.right &&
    outline.bottom * f + cy > area.top &&
    outline.top * f + cy < area.bottom
  );
}

const anyMaterial = plain([0, 0, 0]);

function aroundPoints(points: readonly Vector3[]): Outline | undefined {
  const inFront = points.filter(([, , depth]) => depth > nearM);
  if (inFront.length === 0) return undefined;
  if (inFront.length < points.length) return everything;
  const xs = inFront.map(([x, , depth]) => x / depth);
  const ys = inFront.map(([, y, depth]) => y / depth);
  return { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
}

/**
 * The picture of an ellipsoid is a conic; its extremes follow from the dual quadric S - c c' (Hartley and Zisserman,
 * Multiple View Geometry, section 8.3), S the ellipsoid's shape matrix and c its centre in camera axes.
 */
function aroundBall(
  axes: CameraAxes,
  solid: Solid,
  height: number,
  radius: number,
  flat: boolean,
): Outline | undefined {
  const centre = toCamera(axes, add(solid.origin, times(solid.axes[2], height * solid.scale[2])));
  let [xx, yy, zz, xz, yz] = [0, 0, 0, 0, 0];
  solid.axes.forEach((axis, index) => {
    if (flat && index === 2) return;
    const size = radius * (solid.scale[index] ?? 1);
    const x = (axis[0] * axes.right[0] + axis[1] * axes.right[1] + axis[2] * axes.right[2]) * size;
    const y = (axis[0] * axes.down[0] + axis[1] * axes.down[1] + axis[2] * axes.down[2]) * size;
    const z = (axis[0] * axes.forward[0] + axis[1] * axes.forward[1] + axis[2] * axes.forward[2]) * size;
    xx += x * x;
    yy += y * y;
    zz += z * z;
    xz += x * z;
    yz += y * z;
  });
  const [cx, cy, cz] = centre;
  const reach = Math.sqrt(zz);
  if (cz + reach <= nearM) return undefined;
  if (cz - reach <= nearM) return everything;
  const scale = cz * cz - zz;
  const rootX = Math.sqrt(Math.max((cx * cz - xz) ** 2 - scale * (cx * cx - xx), 0));
  const rootY = Math.sqrt(Math.max((cy * cz - yz) ** 2 - scale * (cy * cy - yy), 0));
  return {
    left: (cx * cz - xz - rootX) / scale,
    right: (cx * cz - xz + rootX) / scale,
    top: (cy * cz - yz - rootY) / scale,
    bottom: (cy * cz - yz + rootY) / scale,
  };
}
