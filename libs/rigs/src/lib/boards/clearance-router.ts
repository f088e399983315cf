import { canvasSide } from './board-geometry.js';
import type { Point } from './copper-canvas.js';

/** Grid step of the router, pixels: half the smallest pitch, so that no move can step over copper. */
export const routerStep = 8;

const cellsPerSide = canvasSide / routerStep + 1;
const moves = [
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
  { x: -1, y: 1 },
  { x: -1, y: 0 },
  { x: -1, y: -1 },
  { x: 0, y: -1 },
  { x: 1, y: -1 },
] as const;
const straightCost = 10;
const diagonalCost = 14;
const bendCost = 7;

/** Routes traces at 0, 45 and 90 degrees with a guaranteed clearance to copper of other nets. */
export interface ClearanceRouter {
  /** A capsule (disc when both ends coincide) of copper. */
  occupySegment(net: number, from: Point, to: Point, width: number): void;
  occupyRect(net: number, centre: Point, width: number, height: number): void;
  /** Pixels to the nearest copper of any other net, measured at the nearest grid point. */
  clearance(at: Point, ...own: readonly number[]): number;
  /** Corner points of the cheapest trace, ends included, or undefined where none fits. */
  route(from: Point, to: Point, own: readonly number[], width: number, gap: number): readonly Point[] | undefined;
}

export function snapToGrid(at: Point): Point {
  return { x: Math.round(at.x / routerStep) * routerStep, y: Math.round(at.y / routerStep) * routerStep };
}

export function createClearanceRouter(): ClearanceRouter {
  const cells = cellsPerSide * cellsPerSide;
  // The three nearest distinct nets of each grid point: a route joins two nets at most, so the third always counts.
  const nearest = new Float32Array(cells * 3).fill(1e6);
  const owner = new Int32Array(cells * 3).fill(-1);

  const note = (cell: number, net: number, distance: number): void => {
    const base = cell * 3;
    let slot = 0;
    while (slot < 3 && owner[base + slot] !== net) slot += 1;
    if (slot === 3) slot = 2;
    else if ((nearest[base + slot] ?? 0) <= distance) return;
    if (owner[base + slot] !== net && (nearest[base + slot] ?? 0) <= distance) return;
    while (slot > 0 && (nearest[base + slot - 1] ?? 0) > distance) {
      nearest[base + slot] = nearest[base + slot - 1] ?? 0;
      owner[base + slot] = owner[base + slot - 1] ?? -1;
      slot -= 1;
    }
    nearest[base + slot] = distance;
    owner[base + slot] = net;
  };

  const clearanceOf = (cell: number, own: readonly number[]): number => {
    for (let slot = 0; slot < 3; slot += 1) {
      if (!own.includes(owner[cell * 3 + slot] ?? -1)) return nearest[cell * 3 + slot] ?? 0;
    }
    return nearest[cell * 3 + 2] ?? 0;
  };
  const cellAt = (at: Point): number => {
    const x = Math.min(cellsPerSide - 1, Math.max(0, Math.round(at.x / routerStep)));
    const y = Math.min(cellsPerSide - 1, Math.max(0, Math.round(at.y / routerStep)));
    return y * cellsPerSide + x;
  };
  const forEachCell = (net: number, distance: (x: number, y: number) => number): void => {
    for (let y = 0; y < cellsPerSide; y += 1) {
      for (let x = 0; x < cellsPerSide; x += 1) {
        note(y * cellsPerSide + x, net, Math.max(0, distance(x * routerStep, y * routerStep)));
      }
    }
  };

  const cost = new Int32Array(cells * 8);
  const origin = new Int32Array(cells * 8);

  const search = (start: number, goal: number, own: readonly number[], keep: number, limit: number): number => {
    cost.fill(0x7fffffff);
    const buckets: number[][] = [];
    const push = (state: number, at: number, from: number): void => {
      if (at >= (cost[state] ?? 0) || at > limit) return;
      cost[state] = at;
      origin[state] = from;
      (buckets[at] ??= []).push(state);
    };
    for (let direction = 0; direction < 8; direction += 1) push(start * 8 + direction, 0, -1);
    for (let at = 0; at < buckets.length; at += 1) {
      for (const state of buckets[at] ?? []) {
        if (cost[state] !== at) continue;
        const cell = state >> 3;
        const heading = state & 7;
        if (cell === goal) return state;
        const x = cell % cellsPerSide;
        const y = (cell - x) / cellsPerSide;
        for (let turn = -1; turn <= 1; turn += 1) {
          const direction = (heading + turn + 8) & 7;
          const move = moves[direction] ?? moves[0];
          const nx = x + move.x;
          const ny = y + move.y;
          if (nx < 0 || ny < 0 || nx >= cellsPerSide || ny >= cellsPerSide) continue;
          const next = ny * cellsPerSide + nx;
          if (clearanceOf(next, own) < keep) continue;
          const length = direction & 1 ? diagonalCost : straightCost;
          push(next * 8 + direction, at + length + (turn === 0 || cell === start ? 0 : bendCost), state);
        }
      }
    }
    return -1;
  };

  return {
    occupySegment(net, from, to, width) {
      const dx = to.x - from.x;
      const dy = to.y - from.y;
      const square = dx * dx + dy * dy;
      forEachCell(net, (x, y) => {
        const along = square === 0 ? 0 : Math.min(1, Math.max(0, ((x - from.x) * dx + (y - from.y) * dy) / square));
        return Math.hypot(x - from.x - along * dx, y - from.y - along * dy) - width / 2;
      });
    },
    occupyRect(net, centre, width, height) {
      forEachCell(net, (x, y) =>
        Math.hypot(Math.max(0, Math.abs(x - centre.x) - width / 2), Math.max(0, Math.abs(y - centre.y) - height / 2)),
      );
    },
    clearance: (at, ...own) => clearanceOf(cellAt(at), own),
    route(from, to, own, width, gap) {
      const reach = Math.hypot(from.x - to.x, from.y - to.y) / routerStep;
      const goal = search(cellAt(from), cellAt(to), own, width / 2 + gap, Math.ceil(reach * straightCost * 2.5 + 200));
      if (goal < 0) return undefined;
      const corners: Point[] = [];
      let last = -1;
      for (let state = goal; state >= 0; state = origin[state] ?? -1) {
        const cell = state >> 3;
        if ((state & 7) !== last || (origin[state] ?? -1) < 0) {
          corners.push({ x: (cell % cellsPerSide) * routerStep, y: Math.floor(cell / cellsPerSide) * routerStep });
        }
        last = state & 7;
      }
      return corners.reverse();
    },
  };
}
