import { createRandom } from '@edge-blueprints/contracts';
import { createHits, drawSolid } from './draw-solid.js';
import { dressFigure, type DressedFigure } from './dress-figure.js';
import type { Figure } from './figure.js';
import { drawShadow } from './figure-shadow.js';
import { createMirrorViews } from './mirror-view.js';
import { cameraAxes, type CameraAxes } from './pinhole-camera.js';
import { pushedSolids } from './pushed-things.js';
import { createRoomLight, isInside } from './room-light.js';
import { spansOf } from './pixel-spans.js';
import type { Room } from './room.js';
import type { PixelArea, SceneCanvas } from './scene-canvas.js';
import { mayBeSeen } from './solid-outline.js';
import type { PinholeCamera, SceneLook, SceneRenderer } from './scene.js';
import { createPictureFinish } from './picture-finish.js';
import { drawStillBackground, sunlitPixels } from './still-background.js';

/** What of one figure the last picture shows. */
export interface FigureSight {
  /** Pixels of the person's own outline in the picture, at the renderer's sampling. */
  readonly own: number;
  /** Those of them where nothing is in front. */
  readonly visible: number;
}

export interface RoomRenderer extends SceneRenderer {
  /** In the order of the figures of the last picture. */
  sights(): readonly FigureSight[];
  /** Depth along the view and the figure (counted from 1, 0 the room) at a pixel of the last picture. */
  probe(x: number, y: number): { readonly depthM: number; readonly figure: number };
  /** The figures of the last picture as they were drawn. */
  dressed(): readonly DressedFigure[];
}

export interface RenderQuality {
  /** Samples a pixel along each side: 1 for live pictures, 2 for stills. */
  readonly samples: 1 | 2;
  readonly seed: number;
  /** For stills whose light changes from picture to picture; their mirrors are blind. */
  readonly everyLook?: boolean;
}

/** Everything of a figure, with its shadow and what it pushes, lies within this of its middle, metres. */
const reachM = 1.8;

/** Draws the room once; then only what moves, over a copy of it. */
export function createRoomRenderer(
  room: Room,
  camera: PinholeCamera,
  { samples, seed, everyLook = false }: RenderQuality,
): RoomRenderer {
  const [width, height] = [camera.width * samples, camera.height * samples];
  const base = cameraAxes(camera);
  const axes: CameraAxes = { ...base, focalPx: base.focalPx * samples };
  const light = createRoomLight(room);
  const canvas = drawStillBackground(room, axes, light, { width, height });
  const mirrors = everyLook ? [] : createMirrorViews(room, axes, canvas, light);
  const still = { depth: canvas.depth.slice(), colour: canvas.colour.slice() };
  let sunNow = 0;
  let lit = still.colour;
  let sunlit: Uint8Array | undefined;
  const sensorSeed = createRandom(seed)
    .fork('sensor')
    .integer(0, 2 ** 31);
  const finish = createPictureFinish(camera, samples, sensorSeed, everyLook);
  const hits = createHits(width);
  let dirty: PixelArea[] = [];
  let covers: readonly number[] = [];
  let drawn: DressedFigure[] = [];

  const applySun = (sun: number): void => {
    if (sun === sunNow) return;
    sunNow = sun;
    sunlit ??= sunlitPixels({ ...canvas, depth: still.depth }, axes, room.sunPatches);
    if (lit === still.colour) lit = new Float32Array(still.colour.length);
    lit.set(still.colour);
    for (let index = 0; index < sunlit.length; index += 1) {
      if (sunlit[index] !== 1) continue;
      for (let channel = 0; channel < 3; channel += 1) {
        lit[index * 3 + channel] = (lit[index * 3 + channel] ?? 0) * (1 + sun * (1.5 - 0.25 * channel));
      }
    }
    canvas.colour.set(lit);
  };
  const restore = (): void => {
    spansOf(dirty, 0, width, height).forEach((runs, row) => {
      for (let run = 0; run + 1 < runs.length; run += 2) {
        const from = row * width + (runs[run] ?? 0);
        const to = row * width + (runs[run + 1] ?? 0);
        canvas.colour.set(lit.subarray(from * 3, to * 3), from * 3);
        canvas.depth.set(still.depth.subarray(from, to), from);
        canvas.owner.fill(0, from, to);
        canvas.stamp.fill(0, from, to);
      }
    });
  };

  const render = (figures: readonly Figure[], look: SceneLook, frameNumber: number, out: Uint8Array): void => {
    applySun(look.sun);
    restore();
    finish.prepare(canvas, look);
    drawn = figures.map(dressFigure);
    const areas = figures.map((): PixelArea => ({ left: width, top: height, right: 0, bottom: 0 }));
    const each = figures.map((figure, index) => ({
      figure,
      dress: drawn[index] ?? dressFigure(figure),
      touched: areas[index] ?? { left: width, top: height, right: 0, bottom: 0 },
      cover: { pixels: 0 },
    }));
    const whole = { left: 0, top: 0, right: width, bottom: height };
    const seen = figures.map(({ xM, yM }) => mayBeSeen(axes, [xM, yM, 0.8], reachM, whole, canvas));
    for (const [index, { figure, dress, touched }] of each.entries()) {
      if (seen[index] !== true) continue;
      drawShadow(canvas, axes, room.light, { figure, skeleton: dress.skeleton, touched }, 2 * samples);
    }
    const lights = figures.map(({ xM, yM }) => {
      const sunny = look.sun > 0 && room.sunPatches.some((patch) => isInside(xM, yM, patch));
      return light.lamps(xM, yM) * (sunny ? 1 + 0.6 * look.sun : 1);
    });
    const things = each.map(({ figure, dress }, index) => ({
      place: [figure.xM, figure.yM, 0] as const,
      solids: [...dress.own, ...dress.other, ...pushedSolids(figure)],
      brightness: lights[index] ?? 1,
    }));
    for (const mirror of mirrors) {
      const area = mirror.draw(things);
      if (area) areas.push(area);
    }
    each.forEach(({ figure, dress, touched, cover }, index) => {
      if (seen[index] !== true) return;
      const pen = { canvas, axes, light: room.light, brightness: lights[index] ?? 1, touched, hits };
      for (const solid of dress.own) drawSolid({ ...pen, owner: index + 1, cover }, solid);
      for (const solid of dress.other) drawSolid({ ...pen, owner: 0, cover }, solid);
      for (const solid of pushedSolids(figure)) drawSolid({ ...pen, owner: 0, cover }, solid);
    });
    dirty = areas.filter(({ left, top, right, bottom }) => left < right && top < bottom);
    covers = each.map(({ cover }) => cover.pixels);
    finish.develop(canvas, look, frameNumber, dirty, out);
  };
  return {
    camera,
    render,
    sights: () => sightsOf(canvas, covers, dirty),
    dressed: () => drawn,
    probe: (x, y) => {
      const column = Math.min(Math.max(Math.floor(x * samples), 0), width - 1);
      const row = Math.min(Math.max(Math.floor(y * samples), 0), height - 1);
      const index = row * width + column;
      return { depthM: canvas.depth[index] ?? Infinity, figure: canvas.owner[index] ?? 0 };
    },
  };
}

/** Counts whom each pixel shows; areas of figures may overlap, each pixel is counted in the first. */
function sightsOf(canvas: SceneCanvas, own: readonly number[], areas: readonly PixelArea[]): FigureSight[] {
  const visible = new Uint32Array(own.length + 1);
  const { owner, width } = canvas;
  const box = areas.reduce(
    (all, area) => ({
      left: Math.min(all.left, area.left),
      top: Math.min(all.top, area.top),
      right: Math.max(all.right, area.right),
      bottom: Math.max(all.bottom, area.bottom),
    }),
    { left: width, top: canvas.height, right: 0, bottom: 0 },
  );
  for (let row = box.top; row < box.bottom; row += 1) {
    for (let index = row * width + box.left; index < row * width + box.right; index += 1) {
      const who = owner[index] ?? 0;
      if (who > 0) visible[who] = (visible[who] ?? 0) + 1;
    }
  }
  return own.map((pixels, index) => ({ own: pixels, visible: visible[index + 1] ?? 0 }));
}
