import type { SolidPen } from './draw-solid.js';
import { bounce, isHole, patternMix, waveSteps, waves } from './solid-shade.js';
import type { Patch, SolidRays } from './solid-rays.js';
import type { Solid } from './solid.js';

const perRadian = waveSteps / (2 * Math.PI);
const last = waveSteps - 1;

/** Colours the hits of one patch that are nearer than what is there. Written flat: it runs for every pixel of every limb. */
export function shadePatch(pen: SolidPen, solid: Solid, rays: SolidRays, patch: Patch): void {
  const { canvas, owner, brightness } = pen;
  const { depth, owner: owners, stamp, colour } = canvas;
  const { depth: hit, nx, ny, nz } = pen.hits;
  const [ax, ay, az] = solid.axes;
  const [sx, sy, sz] = solid.scale;
  const [ax0, ax1, ax2] = [ax[0] / sx, ax[1] / sx, ax[2] / sx];
  const [ay0, ay1, ay2] = [ay[0] / sy, ay[1] / sy, ay[2] / sy];
  const [az0, az1, az2] = [az[0] / sz, az[1] / sz, az[2] / sz];
  const { colour: first, second, pattern, gloss, phase } = solid.material;
  const [r1, g1, b1] = first;
  const [r2, g2, b2] = second;
  const [lx, ly, lz] = pen.light.direction;
  const { ambient, key } = pen.light;
  const { forward, right: side, down } = pen.axes;
  const byFrame = pattern === 'face' || pattern === 'hair' ? 1 : sz;
  const isCloth = pattern === 'cloth' || pattern === 'stripes' || pattern === 'checks' || pattern === 'print';
  const isMixed = pattern === 'stripes' || pattern === 'checks' || pattern === 'print' || pattern === 'face';
  const isHair = pattern === 'hair';
  const isSpoked = pattern === 'spokes';
  const { ox, oy, oz, fx, fy, fz, rx, ry, rz, dx, dy, dz } = rays;
  const { left, right, top, bottom, middleX, middleY } = patch;
  const perPixel = 1 / patch.focalPx;
  const phaseSteps = phase * perRadian;
  let covered = 0;
  let at = -1;
  for (let row = top; row < bottom; row += 1) {
    const v = (row + 0.5 - middleY) * perPixel;
    const bx = fx + dx * v;
    const by = fy + dy * v;
    const bz = fz + dz * v;
    for (let column = left; column < right; column += 1) {
      at += 1;
      const t = hit[at] ?? 0;
      if (t === 0) continue;
      const index = row * canvas.width + column;
      const u = (column + 0.5 - middleX) * perPixel;
      const qx = ox + (bx + rx * u) * t;
      const qy = oy + (by + ry * u) * t;
      const qz = (oz + (bz + rz * u) * t) * byFrame;
      if (isSpoked && isHole(solid, qx, qy, qz / byFrame)) continue;
      if (owner > 0 && stamp[index] !== owner) {
        stamp[index] = owner;
        covered += 1;
      }
      if (t >= (depth[index] ?? 0)) continue;
      depth[index] = t;
      owners[index] = owner;
      const px = nx[at] ?? 0;
      const py = ny[at] ?? 0;
      const pz = nz[at] ?? 0;
      const gx = ax0 * px + ay0 * py + az0 * pz;
      const gy = ax1 * px + ay1 * py + az1 * pz;
      const gz = ax2 * px + ay2 * py + az2 * pz;
      const norm = 1 / Math.sqrt(gx * gx + gy * gy + gz * gz);
      const facing = (gx * lx + gy * ly + gz * lz) * norm;
      let lit = ambient * (0.62 + 0.38 * gz * norm) + (facing > 0 ? key * facing : 0);
      if (isCloth) {
        // Folds: two slanted waves.
        const a = ((qz * 31 + qx * 17) * perRadian + phaseSteps) & last;
        const b = ((qz * 13 - qy * 29) * perRadian + phaseSteps * 2.3) & last;
        lit *= 1 + 0.07 * (waves[a] ?? 0) + 0.05 * (waves[b] ?? 0);
      } else if (isHair) {
        const a = ((qx * 23 + qy * 9) * perRadian + phaseSteps) & last;
        const b = (qz * 5 * perRadian + phaseSteps * 3) & last;
        lit *= 1 + 0.16 * (waves[a] ?? 0) * (waves[b] ?? 0);
      }
      lit *= brightness;
      let shine = 0;
      if (gloss > 0) {
        // Light thrown towards the eye, Blinn's half vector.
        const far = 1 / Math.sqrt(1 + u * u + v * v);
        const hx = lx - (forward[0] + side[0] * u + down[0] * v) * far;
        const hy = ly - (forward[1] + side[1] * u + down[1] * v) * far;
        const hz = lz - (forward[2] + side[2] * u + down[2] * v) * far;
        const half = ((gx * hx + gy * hy + gz * hz) * norm) / Math.sqrt(hx * hx + hy * hy + hz * hz);
        if (half > 0.6) shine = gloss * 0.5 * half ** 24 * brightness;
      }
      const under = gz < 0 ? -gz * norm * brightness : 0;
      const mix = isMixed ? patternMix(solid, qx, qy, qz) : 0;
      colour[index * 3] = (r1 + (r2 - r1) * mix) * lit + shine + bounce[0] * r1 * under;
      colour[index * 3 + 1] = (g1 + (g2 - g1) * mix) * lit + shine + bounce[1] * g1 * under;
      colour[index * 3 + 2] = (b1 + (b2 - b1) * mix) * lit + shine + bounce[2] * b1 * under;
    }
  }
  pen.cover.pixels += covered;
}
