import type { Colour } from './figure.js';
import type { Solid } from './solid.js';
import type { Vector3 } from './vector3.js';

/** Light that falls on things: from all around, more from above, and from the lamps' main direction. */
export interface SceneLight {
  readonly ambient: number;
  readonly key: number;
  /** Unit vector towards the light. */
  readonly direction: Vector3;
}

export function irradiance(light: SceneLight, x: number, y: number, z: number): number {
  const [lx, ly, lz] = light.direction;
  const facing = x * lx + y * ly + z * lz;
  return light.ambient * (0.62 + 0.38 * z) + (facing > 0 ? light.key * facing : 0);
}

/** Whether the frame's point is air: the mesh of a trolley, between the spokes of a wheel. */
export function isHole(solid: Solid, x: number, y: number, z: number): boolean {
  const { pattern } = solid.material;
  if (pattern === 'spokes') {
    const radius = Math.hypot(y, z);
    return radius < 0.82 && radius > 0.16 && Math.abs(Math.sin(Math.atan2(z, y) * 4)) > 0.3;
  }
  if (pattern !== 'wire') return false;
  const { scale } = solid;
  const onX = Math.abs(x) > 0.999;
  const onY = Math.abs(y) > 0.999;
  const wires =
    (!onX && onWire(x, scale[0])) ||
    (!onY && onWire(y, scale[1])) ||
    ((onX || onY) && onWire(z, scale[2])) ||
    (onX && onWire(y, scale[1]));
  return !wires;
}

/** Wires 3.6 cm apart and 0.8 cm thick, and the rim. */
function onWire(value: number, scale: number): boolean {
  const steps = ((value + 1) * scale) / 0.036;
  return steps - Math.floor(steps) < 0.22 || Math.abs(value) > 0.975;
}

export const waveSteps = 1024;

/** One turn of the sine: good enough for cloth. */
export const waves = Float32Array.from({ length: waveSteps }, (_, index) =>
  Math.sin((index / waveSteps) * 2 * Math.PI),
);

function wave(angle: number): number {
  return waves[(angle * (waveSteps / (2 * Math.PI))) & (waveSteps - 1)] ?? 0;
}

/** How much of the second colour is at a point of the frame (x, y across, z along, metres along), 0 to 1. */
export function patternMix(solid: Solid, x: number, y: number, z: number): number {
  const { pattern, phase } = solid.material;
  switch (pattern) {
    case 'stripes':
      return wave(z * 95 + phase) > 0.25 ? 1 : 0;
    case 'checks':
      return (wave(z * 70 + phase) > 0 ? 0.5 : 0) + (wave(x * 70 + phase) > 0 ? 0.5 : 0);
    case 'print': {
      const a = wave(x * 47 + phase) * wave(z * 41 + phase * 1.7) + 0.4 * wave(y * 63 + z * 29);
      return a > 0.35 ? 1 : 0;
    }
    case 'face': {
      // Eyes lie across the middle of the front, the mouth below.
      const front = y > 0.5 ? 1 : 0;
      const eyes = Math.abs(z - 0.06) < 0.1 && Math.abs(Math.abs(x) - 0.4) < 0.17 ? 0.75 : 0;
      const mouth = Math.abs(z + 0.5) < 0.06 && Math.abs(x) < 0.26 ? 0.45 : 0;
      return front * Math.max(eyes, mouth);
    }
    default:
      return 0;
  }
}

/** Share of the light that rises from the floor into a body's lower side. */
export const bounce: Colour = [0.34, 0.31, 0.27];
