import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createHits, drawSolid } from './draw-solid.js';
import { cameraAxes } from './pinhole-camera.js';
import { createSceneCanvas } from './scene-canvas.js';
import { outlineOf } from './solid-outline.js';
import { box, ellipsoid, limb, plain, tube, type Solid } from './solid.js';
import type { PinholeCamera } from './scene.js';

const camera: PinholeCamera = {
  id: 'side',
  xM: 0,
  yM: 0,
  heightM: 1.5,
  yawDeg: 0,
  pitchDeg: 20,
  rollDeg: 0,
  horizontalFovDeg: 60,
  width: 96,
  height: 64,
};
const axes = cameraAxes(camera);
const grey = plain([0.5, 0.5, 0.5]);

function draw(solids: readonly Solid[]) {
  const canvas = createSceneCanvas(camera.width, camera.height);
  const touched = { left: 1e9, top: 1e9, right: 0, bottom: 0 };
  const light = { ambient: 0.6, key: 0.5, direction: [0, 0, 1] } as const;
  const pen = { canvas, axes, light, brightness: 1, touched, hits: createHits(camera.width) };
  const covers = solids.map((solid, index) => {
    const cover = { pixels: 0 };
    drawSolid({ ...pen, owner: index + 1, cover }, solid);
    return cover.pixels;
  });
  const extent = { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
  canvas.owner.forEach((owner, index) => {
    if (owner === 0) return;
    const [x, y] = [index % camera.width, Math.floor(index / camera.width)];
    extent.left = Math.min(extent.left, x);
    extent.right = Math.max(extent.right, x + 1);
    extent.top = Math.min(extent.top, y);
    extent.bottom = Math.max(extent.bottom, y + 1);
  });
  return { canvas, extent, covers };
}

const place = fc.tuple(
  fc.double({ min: 2, max: 4, noNaN: true }),
  fc.double({ min: -0.5, max: 0.5, noNaN: true }),
  fc.double({ min: 0, max: 1, noNaN: true }),
);
const radius = fc.double({ min: 0.1, max: 0.25, noNaN: true });
const solids = fc.oneof(
  fc.tuple(place, place, radius, radius).map(([a, b, ra, rb]) => limb(a, b, ra, rb, grey)),
  fc
    .tuple(place, radius, radius, radius)
    .map(([a, x, y, z]) => ellipsoid(a, [0.3, 0.8, 0.1], [0.2, 0, 1], [x, y, z], grey)),
  fc.tuple(place, radius, radius).map(([a, x, y]) => box(a, [1, 0.4, 0], [0, 0, 1], [x, y, 0.2], grey)),
);

describe('solids', () => {
  it('fill the outline that is computed without drawing, to the pixel', () => {
    fc.assert(
      fc.property(solids, (solid) => {
        const outline = outlineOf(axes, solid);
        if (!outline) return;
        const edges = {
          left: outline.left * axes.focalPx + 48,
          right: outline.right * axes.focalPx + 48,
          top: outline.top * axes.focalPx + 32,
          bottom: outline.bottom * axes.focalPx + 32,
        };
        fc.pre(edges.left > 2 && edges.top > 2 && edges.right < 94 && edges.bottom < 62);
        const { extent } = draw([solid]);
        expect(extent.left).toBeGreaterThan(edges.left - 1);
        expect(extent.left).toBeLessThan(edges.left + 2.5);
        expect(extent.right).toBeLessThan(edges.right + 1);
        expect(extent.right).toBeGreaterThan(edges.right - 2.5);
        expect(extent.top).toBeGreaterThan(edges.top - 1);
        expect(extent.bottom).toBeLessThan(edges.bottom + 1);
        expect(extent.bottom).toBeGreaterThan(edges.bottom - 2.5);
      }),
      { numRuns: 60 },
    );
  });

  it('lie at their depth: a ball on the line of view is nearest by its radius', () => {
    const ahead = [3 * Math.cos(Math.PI / 9), 0, 1.5 - 3 * Math.sin(Math.PI / 9)] as const;
    const { canvas } = draw([ellipsoid(ahead, [0, 1, 0], [0, 0, 1], [0.2, 0.2, 0.2], grey)]);
    expect(canvas.depth[32 * 96 + 48]).toBeCloseTo(2.8, 2);
  });

  it('hide what is behind them, whatever is drawn first, and count the hidden one all the same', () => {
    const near = ellipsoid([2, 0, 1], [0, 1, 0], [0, 0, 1], [0.2, 0.2, 0.2], grey);
    const far = ellipsoid([4, 0, 0.4], [0, 1, 0], [0, 0, 1], [0.2, 0.2, 0.2], grey);
    const [first, second] = [draw([near, far]), draw([far, near])];
    expect(first.canvas.depth).toEqual(second.canvas.depth);
    expect(first.covers[1]).toBe(second.covers[0]);
    const shown = first.canvas.owner.filter((owner) => owner === 2).length;
    expect(shown).toBeLessThan(first.covers[1] ?? 0);
  });

  it('leave a tube open: one looks through it along its axis', () => {
    const forward = axes.forward;
    const at = (t: number) => [forward[0] * t, 0, 1.5 + forward[2] * t] as const;
    const { canvas } = draw([tube(at(2), at(3), 0.3, 0.3, grey)]);
    expect(canvas.owner[32 * 96 + 48]).toBe(0);
    expect(canvas.owner[32 * 96 + 48 - 10]).toBe(1);
  });
});
