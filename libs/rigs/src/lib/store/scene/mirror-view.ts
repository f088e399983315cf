import { drawFace } from './draw-face.js';
import { createHits, drawSolid } from './draw-solid.js';
import { facesEye, type Face } from './face.js';
import type { CameraAxes } from './pinhole-camera.js';
import type { RoomLight } from './room-light.js';
import type { Room } from './room.js';
import { createSceneCanvas, surfaces, type PixelArea, type SceneCanvas } from './scene-canvas.js';
import { mayBeSeen } from './solid-outline.js';
import type { Solid } from './solid.js';
import { dot, minus, times, type Vector3 } from './vector3.js';

/** What one mirror shows: the room from an eye behind the glass, in the pixels of the glass. */
export interface MirrorView {
  /**
   * Draws the moving things as the glass shows them into `canvas`, which must hold the room without people.
   * @returns the changed area, undefined when nothing is in the glass
   */
  draw(things: readonly MirroredThing[]): PixelArea | undefined;
}

export interface MirroredThing {
  readonly place: Vector3;
  readonly solids: readonly Solid[];
  readonly brightness: number;
}

/** Everything of a figure, with what it pushes, lies this near to its place, metres. */
const reachM = 1.9;

/** Share of the light that glass and silver throw back. */
const tint = [0.74, 0.78, 0.78] as const;

/** The views of all mirrors of a room that this camera sees the glass of; draws their empty reflections into `canvas`. */
export function createMirrorViews(
  room: Room,
  axes: CameraAxes,
  canvas: SceneCanvas,
  light: RoomLight,
): readonly MirrorView[] {
  const glasses = room.faces.filter((face) => face.isMirror && facesEye(face, axes.eye));
  return glasses.flatMap((face) => {
    const view = createMirrorView(room, axes, canvas, { face, light });
    return view ? [view] : [];
  });
}

function createMirrorView(
  room: Room,
  axes: CameraAxes,
  canvas: SceneCanvas,
  { face, light }: { readonly face: Face; readonly light: RoomLight },
): MirrorView | undefined {
  const glass = glassPixels(canvas, axes, face);
  if (!glass) return undefined;
  const { width, height } = canvas;
  const seen = mirrored(axes, face);
  const reflection = createSceneCanvas(width, height);
  // Nothing nearer than the glass is behind it; outside the glass nothing is drawn at all.
  const beyond = new Float32Array(width * height).fill(Infinity);
  for (const index of glass.pixels) beyond[index] = canvas.depth[index] ?? Infinity;
  for (const other of room.faces) {
    if (other !== face) drawFace(reflection, seen, other, light.onSurface, beyond);
  }
  const inGlass = new Uint8Array(width * height);
  for (const index of glass.pixels) inGlass[index] = 1;
  for (let index = 0; index < inGlass.length; index += 1) if (inGlass[index] === 0) reflection.depth[index] = 0;
  const hits = createHits(width);
  const draw = (things: readonly MirroredThing[], clip: PixelArea, touched: PixelArea): void => {
    for (const { place, solids, brightness } of things) {
      if (dot(face.normal, minus(place, face.origin)) <= 0) continue;
      if (!mayBeSeen(seen, place, reachM, clip, canvas)) continue;
      const pen = { canvas: reflection, axes: seen, light: room.light, brightness, touched, hits, clip };
      for (const solid of solids) drawSolid({ ...pen, owner: 0, cover: { pixels: 0 } }, solid);
    }
  };
  const things = room.solids.map((solid) => ({
    place: solid.origin,
    solids: [solid],
    brightness: light.lamps(solid.origin[0], solid.origin[1]),
  }));
  draw(things, glass.area, emptyArea(width, height));
  const still = { colour: reflection.colour.slice(), depth: reflection.depth.slice() };
  const copy = (area: PixelArea): void => {
    for (let row = area.top; row < area.bottom; row += 1) {
      for (let index = row * width + area.left; index < row * width + area.right; index += 1) {
        if (inGlass[index] !== 1) continue;
        for (let channel = 0; channel < 3; channel += 1) {
          const at = index * 3 + channel;
          canvas.colour[at] = (reflection.colour[at] ?? 0) * (tint[channel] ?? 1);
        }
      }
    }
  };
  copy(glass.area);
  let last: PixelArea | undefined;
  return {
    draw: (moving) => {
      if (last) {
        for (let row = last.top; row < last.bottom; row += 1) {
          const [from, to] = [row * width + last.left, row * width + last.right];
          reflection.colour.set(still.colour.subarray(from * 3, to * 3), from * 3);
          reflection.depth.set(still.depth.subarray(from, to), from);
        }
      }
      const touched = emptyArea(width, height);
      draw(moving, glass.area, touched);
      last = touched.left < touched.right && touched.top < touched.bottom ? touched : undefined;
      if (last) copy(last);
      return last;
    },
  };
}

const emptyArea = (width: number, height: number): PixelArea => ({ left: width, top: height, right: 0, bottom: 0 });

/** The eye and its axes on the other side of the glass. */
function mirrored(axes: CameraAxes, { normal, origin }: Face): CameraAxes {
  const turn = (way: Vector3): Vector3 => minus(way, times(normal, 2 * dot(way, normal)));
  return {
    ...axes,
    eye: minus(axes.eye, times(normal, 2 * dot(minus(axes.eye, origin), normal))),
    forward: turn(axes.forward),
    right: turn(axes.right),
    down: turn(axes.down),
  };
}

/** Pixels whose nearest surface is this glass: marked as a mirror, and at the depth of its plane. */
function glassPixels(
  { width, height, depth, surface }: SceneCanvas,
  { eye, forward, right, down, focalPx }: CameraAxes,
  { normal, origin }: Face,
): { readonly pixels: readonly number[]; readonly area: PixelArea } | undefined {
  const pixels: number[] = [];
  const area = emptyArea(width, height);
  const away = dot(normal, minus(origin, eye));
  for (let index = 0; index < surface.length; index += 1) {
    if (surface[index] !== surfaces.mirror) continue;
    const [column, row] = [index % width, Math.floor(index / width)];
    const u = (column + 0.5 - width / 2) / focalPx;
    const v = (row + 0.5 - height / 2) / focalPx;
    const t = away / (dot(normal, forward) + dot(normal, right) * u + dot(normal, down) * v);
    if (Math.abs(t - (depth[index] ?? 0)) > 0.002 * t) continue;
    pixels.push(index);
    area.left = Math.min(area.left, column);
    area.top = Math.min(area.top, row);
    area.right = Math.max(area.right, column + 1);
    area.bottom = Math.max(area.bottom, row + 1);
  }
  return pixels.length > 0 ? { pixels, area } : undefined;
}
