import { nearM, type CameraAxes } from './pinhole-camera.js';
import type { Solid } from './solid.js';
import { dot, minus } from './vector3.js';

/**
 * The rays of a picture in a solid's own frame: they start at `o` and go along `f + d v + r u`, u and v the pixel's
 * distance from the middle in focal lengths. Scaled so that the ray's parameter is the depth along the view.
 */
export interface SolidRays {
  readonly ox: number;
  readonly oy: number;
  readonly oz: number;
  readonly fx: number;
  readonly fy: number;
  readonly fz: number;
  readonly rx: number;
  readonly ry: number;
  readonly rz: number;
  readonly dx: number;
  readonly dy: number;
  readonly dz: number;
}

export function raysInto(solid: Solid, axes: CameraAxes): SolidRays {
  const [ax, ay, az] = solid.axes;
  const [sx, sy, sz] = solid.scale;
  const start = minus(axes.eye, solid.origin);
  const { forward, right, down } = axes;
  return {
    ox: dot(start, ax) / sx,
    oy: dot(start, ay) / sy,
    oz: dot(start, az) / sz,
    fx: dot(forward, ax) / sx,
    fy: dot(forward, ay) / sy,
    fz: dot(forward, az) / sz,
    rx: dot(right, ax) / sx,
    ry: dot(right, ay) / sy,
    rz: dot(right, az) / sz,
    dx: dot(down, ax) / sx,
    dy: dot(down, ay) / sy,
    dz: dot(down, az) / sz,
  };
}

/** Where rays meet a solid: depth (0 a miss) and the normal in its frame, row by row of a patch. */
export interface PatchHits {
  readonly depth: Float32Array;
  readonly nx: Float32Array;
  readonly ny: Float32Array;
  readonly nz: Float32Array;
}

/** Room for patches of this many pixels. */
export function createPatchHits(pixels: number): PatchHits {
  const make = (): Float32Array => new Float32Array(pixels);
  return { depth: make(), nx: make(), ny: make(), nz: make() };
}

/** Rows and columns of the picture that are cast together, and the picture's middle and focal length, pixels. */
export interface Patch {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly middleX: number;
  readonly middleY: number;
  readonly focalPx: number;
}

/**
 * A ball, or the hull of two balls: the tangent cone k2 t^2 + 2 k1 t + k0 = 0 between the circles where it touches them,
 * the balls beyond.
 */
export function castRound(solid: Solid, rays: SolidRays, patch: Patch, hits: PatchHits): void {
  const { left, right, top, bottom, middleX, middleY } = patch;
  const { ox, oy, oz, fx, fy, fz, rx, ry, rz, dx, dy, dz } = rays;
  const { length, ra, rb } = solid;
  const { depth, nx, ny, nz } = hits;
  const rr = ra - rb;
  const d2 = length * length - rr * rr;
  const hasSide = length > 0 && d2 > 1e-12;
  const m1 = length * oz;
  const m5 = ox * ox + oy * oy + oz * oz;
  const obz = oz - length;
  const m7 = ox * ox + oy * oy + obz * obz;
  const k0 = d2 * m5 - m1 * m1 + m1 * rr * ra * 2 - length * length * ra * ra;
  const perPixel = 1 / patch.focalPx;
  let at = -1;
  for (let row = top; row < bottom; row += 1) {
    const v = (row + 0.5 - middleY) * perPixel;
    const bx = fx + dx * v;
    const by = fy + dy * v;
    const bz = fz + dz * v;
    for (let column = left; column < right; column += 1) {
      at += 1;
      const u = (column + 0.5 - middleX) * perPixel;
      const wx = bx + rx * u;
      const wy = by + ry * u;
      const wz = bz + rz * u;
      const ww = wx * wx + wy * wy + wz * wz;
      const m3 = wx * ox + wy * oy + wz * oz;
      depth[at] = 0;
      if (hasSide) {
        const m2 = length * wz;
        const k2 = d2 * ww - m2 * m2;
        const k1 = d2 * m3 - m1 * m2 + m2 * rr * ra;
        const h = k1 * k1 - k0 * k2;
        // Both balls lie in the cone: who misses it misses all. Rays steeper than the cone (k2 < 0) always meet it.
        if (h < 0) continue;
        const root = Math.sqrt(h);
        let t = (-k1 - root) / k2;
        let y = m1 - ra * rr + t * m2;
        if (k2 < 0 && !(y > 0 && y < d2)) {
          t = (root - k1) / k2;
          y = m1 - ra * rr + t * m2;
        }
        if (y > 0 && y < d2) {
          if (t > nearM) {
            depth[at] = t;
            nx[at] = d2 * (ox + t * wx);
            ny[at] = d2 * (oy + t * wy);
            nz[at] = d2 * (oz + t * wz) - length * y;
          }
          continue;
        }
      }
      const ha = m3 * m3 - ww * (m5 - ra * ra);
      let best = ha >= 0 ? (-m3 - Math.sqrt(ha)) / ww : Infinity;
      let base = oz;
      if (length > 0) {
        const m6 = wx * ox + wy * oy + wz * obz;
        const hb = m6 * m6 - ww * (m7 - rb * rb);
        const other = hb >= 0 ? (-m6 - Math.sqrt(hb)) / ww : Infinity;
        if (other < best) {
          best = other;
          base = obz;
        }
      }
      if (!(best > nearM && best < Infinity)) continue;
      depth[at] = best;
      nx[at] = ox + best * wx;
      ny[at] = oy + best * wy;
      nz[at] = base + best * wz;
    }
  }
}

/** The side of a cone between its two ends, seen from outside or inside. */
export function castTube(solid: Solid, rays: SolidRays, patch: Patch, hits: PatchHits): void {
  const { left, right, top, bottom, middleX, middleY } = patch;
  const { ox, oy, oz, fx, fy, fz, rx, ry, rz, dx, dy, dz } = rays;
  const { length, ra, rb } = solid;
  const { depth, nx, ny, nz } = hits;
  // x^2 + y^2 = (ra + slope z)^2
  const slope = (rb - ra) / length;
  const start = ra + slope * oz;
  const k0 = ox * ox + oy * oy - start * start;
  const perPixel = 1 / patch.focalPx;
  let at = -1;
  for (let row = top; row < bottom; row += 1) {
    const v = (row + 0.5 - middleY) * perPixel;
    const bx = fx + dx * v;
    const by = fy + dy * v;
    const bz = fz + dz * v;
    for (let column = left; column < right; column += 1) {
      at += 1;
      const u = (column + 0.5 - middleX) * perPixel;
      const wx = bx + rx * u;
      const wy = by + ry * u;
      const wz = bz + rz * u;
      const rise = slope * wz;
      const k2 = wx * wx + wy * wy - rise * rise;
      const k1 = ox * wx + oy * wy - start * rise;
      const h = k1 * k1 - k0 * k2;
      depth[at] = 0;
      if (h < 0) continue;
      const root = Math.sqrt(h);
      const first = (-k1 - root) / k2;
      const second = (-k1 + root) / k2;
      let t = Math.min(first, second);
      let z = oz + t * wz;
      if (!(t > nearM && z >= 0 && z <= length)) {
        t = Math.max(first, second);
        z = oz + t * wz;
        if (!(t > nearM && z >= 0 && z <= length)) continue;
      }
      const px = ox + t * wx;
      const py = oy + t * wy;
      const pz = -slope * (ra + slope * z);
      const side = px * wx + py * wy + pz * wz > 0 ? -1 : 1;
      depth[at] = t;
      nx[at] = px * side;
      ny[at] = py * side;
      nz[at] = pz * side;
    }
  }
}

/** A cube from -1 to 1; `isHole` tells where a wire mesh lets the ray through, to its far side or past it. */
export function castBox(
  rays: SolidRays,
  patch: Patch,
  hits: PatchHits,
  isHole: ((x: number, y: number, z: number) => boolean) | undefined,
): void {
  const { left, right, top, bottom, middleX, middleY } = patch;
  const { ox, oy, oz, fx, fy, fz, rx, ry, rz, dx, dy, dz } = rays;
  const { depth, nx, ny, nz } = hits;
  const perPixel = 1 / patch.focalPx;
  let at = -1;
  for (let row = top; row < bottom; row += 1) {
    const v = (row + 0.5 - middleY) * perPixel;
    const bx = fx + dx * v;
    const by = fy + dy * v;
    const bz = fz + dz * v;
    for (let column = left; column < right; column += 1) {
      at += 1;
      const u = (column + 0.5 - middleX) * perPixel;
      const wx = bx + rx * u;
      const wy = by + ry * u;
      const wz = bz + rz * u;
      const ix = 1 / wx;
      const iy = 1 / wy;
      const iz = 1 / wz;
      const hx = Math.abs(ix);
      const hy = Math.abs(iy);
      const hz = Math.abs(iz);
      const enterX = -ox * ix - hx;
      const enterY = -oy * iy - hy;
      const enterZ = -oz * iz - hz;
      const enter = Math.max(enterX, enterY, enterZ);
      const leave = Math.min(-ox * ix + hx, -oy * iy + hy, -oz * iz + hz);
      depth[at] = 0;
      if (enter > leave || enter < nearM) continue;
      let t = enter;
      if (isHole?.(ox + wx * t, oy + wy * t, oz + wz * t) === true) {
        t = leave;
        if (isHole(ox + wx * t, oy + wy * t, oz + wz * t)) continue;
      }
      depth[at] = t;
      nx[at] = enter === enterX ? -wx : 0;
      ny[at] = enter === enterX || enter !== enterY ? 0 : -wy;
      nz[at] = enter === enterX || enter === enterY ? 0 : -wz;
    }
  }
}
