import type { FloorPolygon } from '@edge-blueprints/contracts';
import type { Room } from './room.js';
import { irradiance } from './solid-shade.js';
import type { Vector3 } from './vector3.js';

/** Light at places of a room, precomputed on a grid of the floor. */
export interface RoomLight {
  /** Factor of the lamps at a place, around 1. */
  lamps(x: number, y: number): number;
  /** On a surface, with the dark in corners and along the feet of fixtures. */
  onSurface(x: number, y: number, z: number, normal: Vector3): number;
}

const cellM = 0.1;

export function createRoomLight(room: Room): RoomLight {
  const columns = Math.ceil(room.widthM / cellM) + 1;
  const rows = Math.ceil(room.depthM / cellM) + 1;
  const lampGrid = new Float32Array(columns * rows);
  const shade = new Float32Array(columns * rows).fill(1);
  const reach = 0.5;
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const [x, y] = [column * cellM, row * cellM];
      let sum = 0;
      for (const lamp of room.lamps) sum += 1 / (1 + ((x - lamp.xM) ** 2 + (y - lamp.yM) ** 2) / 5);
      lampGrid[row * columns + column] = sum;
    }
  }
  const mean = lampGrid.reduce((a, b) => a + b, 0) / Math.max(lampGrid.length, 1);
  for (let index = 0; index < lampGrid.length; index += 1) {
    lampGrid[index] = room.lamps.length === 0 ? 1 : 0.66 + (0.34 * (lampGrid[index] ?? 0)) / mean;
  }
  for (const polygon of room.footprints) {
    const xs = polygon.map(([x]) => x);
    const ys = polygon.map(([, y]) => y);
    const low = Math.max(Math.floor((Math.min(...ys) - reach) / cellM), 0);
    const high = Math.min(Math.ceil((Math.max(...ys) + reach) / cellM), rows - 1);
    for (let row = low; row <= high; row += 1) {
      const start = Math.max(Math.floor((Math.min(...xs) - reach) / cellM), 0);
      const end = Math.min(Math.ceil((Math.max(...xs) + reach) / cellM), columns - 1);
      for (let column = start; column <= end; column += 1) {
        const distance = distanceToPolygon(column * cellM, row * cellM, polygon);
        const index = row * columns + column;
        shade[index] = Math.min(shade[index] ?? 1, 1 - 0.42 * Math.exp(-distance / 0.16));
      }
    }
  }
  const sample = (grid: Float32Array, x: number, y: number): number => {
    const gx = Math.min(Math.max(x / cellM, 0), columns - 1.001);
    const gy = Math.min(Math.max(y / cellM, 0), rows - 1.001);
    const [i, j] = [Math.floor(gx), Math.floor(gy)];
    const [a, b] = [gx - i, gy - j];
    const at = j * columns + i;
    const near = (grid[at] ?? 1) * (1 - a) + (grid[at + 1] ?? 1) * a;
    const far = (grid[at + columns] ?? 1) * (1 - a) + (grid[at + columns + 1] ?? 1) * a;
    return near * (1 - b) + far * b;
  };
  return {
    lamps: (x, y) => sample(lampGrid, x, y),
    onSurface: (x, y, z, normal) => {
      const corner = z < 0.01 ? sample(shade, x, y) : 1 - 0.3 * Math.exp(-z / 0.14);
      return irradiance(room.light, normal[0], normal[1], normal[2]) * sample(lampGrid, x, y) * corner;
    },
  };
}

function distanceToPolygon(x: number, y: number, polygon: FloorPolygon): number {
  let best = Infinity;
  for (let index = 0; index < polygon.length; index += 1) {
    const [ax, ay] = polygon[index] ?? [0, 0];
    const [bx, by] = polygon[(index + 1) % polygon.length] ?? [0, 0];
    const [wx, wy] = [bx - ax, by - ay];
    const t = Math.min(Math.max(((x - ax) * wx + (y - ay) * wy) / Math.max(wx * wx + wy * wy, 1e-9), 0), 1);
    best = Math.min(best, Math.hypot(x - ax - t * wx, y - ay - t * wy));
  }
  return isInside(x, y, polygon) ? 0 : best;
}

/** Even-odd rule. */
export function isInside(x: number, y: number, polygon: FloorPolygon): boolean {
  let inside = false;
  let before = polygon[polygon.length - 1] ?? [0, 0];
  for (const point of polygon) {
    if (before[1] > y !== point[1] > y) {
      const crossing = before[0] + ((y - before[1]) / (point[1] - before[1])) * (point[0] - before[0]);
      if (x < crossing) inside = !inside;
    }
    before = point;
  }
  return inside;
}
