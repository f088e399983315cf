import type { Random } from '@edge-blueprints/contracts';
import { canvasSide } from './board-geometry.js';
import type { Trace } from './board-layout.js';
import type { CopperCanvas } from './copper-canvas.js';
import type { CopperMap } from './copper-map.js';
import { thirdsPerPixel } from './copper-map.js';

/** A local name: a loader that turns imports into property reads would slow the loops over pixels down tenfold. */
const side = canvasSide;

/** A place on a trace whose cut separates copper for good: nothing else joins the two sides. */
export interface OpenSite {
  readonly x: number;
  readonly y: number;
  /** Unit vector along the trace. */
  readonly ux: number;
  readonly uy: number;
  readonly width: number;
  readonly net: number;
}

const wantedSites = 90;
const cutHalf = 3;

/** Samples the traces where they run free (no pad, no pour, no edge of the board) and keeps the true bridges. */
export function findOpenSites(
  traces: readonly Trace[],
  canvas: CopperCanvas,
  copper: CopperMap,
  random: Random,
): readonly OpenSite[] {
  const found: OpenSite[] = [];
  if (traces.length === 0) return found;
  const seen = new Int32Array(side * side);
  for (let attempt = 0; attempt < wantedSites * 5 && found.length < wantedSites; attempt += 1) {
    const trace = traces[random.integer(0, traces.length - 1)];
    if (!trace) break;
    const length = Math.hypot(trace.to.x - trace.from.x, trace.to.y - trace.from.y);
    if (length < 24 || trace.width > 36) continue;
    const along = (12 + random.next() * (length - 24)) / length;
    const at = canvas.tilted({
      x: trace.from.x + (trace.to.x - trace.from.x) * along,
      y: trace.from.y + (trace.to.y - trace.from.y) * along,
    });
    const end = canvas.tilted(trace.to);
    const start = canvas.tilted(trace.from);
    const site: OpenSite = {
      x: at.x,
      y: at.y,
      ux: (end.x - start.x) / length,
      uy: (end.y - start.y) / length,
      width: trace.width,
      net: copper.nets[Math.round(at.y) * side + Math.round(at.x)] ?? 0,
    };
    if (runsFree(site, copper) && isBridge(site, copper, seen, attempt + 1)) found.push(site);
  }
  return found;
}

function runsFree(site: OpenSite, copper: CopperMap): boolean {
  for (const step of [-12, -6, 0, 6, 12]) {
    const x = Math.round(site.x + site.ux * step);
    const y = Math.round(site.y + site.uy * step);
    if (x < 2 || y < 2 || x >= side - 2 || y >= side - 2) return false;
    const half = (copper.depth[y * side + x] ?? 0) / thirdsPerPixel;
    if (Math.abs(half - site.width / 2) > 1.6) return false;
  }
  return true;
}

/**
 * Fills from both sides of a cut in turns; true when one side is filled up and the other was not met. `seen` holds the
 * stamps of earlier fills: 2 * stamp for one side, 2 * stamp + 1 for the other.
 */
function isBridge(site: OpenSite, copper: CopperMap, seen: Int32Array, stamp: number): boolean {
  const seed = (sign: number): number =>
    Math.round(site.y + sign * site.uy * (cutHalf + 4)) * side + Math.round(site.x + sign * site.ux * (cutHalf + 4));
  const reach = site.width / 2 + 3;
  const cut = (x: number, y: number): boolean =>
    Math.abs((x - site.x) * site.ux + (y - site.y) * site.uy) <= cutHalf &&
    Math.abs((x - site.x) * site.uy - (y - site.y) * site.ux) <= reach;
  const fronts = [[seed(-1)], [seed(1)]];
  seen[seed(-1)] = 2 * stamp;
  seen[seed(1)] = 2 * stamp + 1;
  for (let turn = 0; ; turn = 1 - turn) {
    const own = 2 * stamp + turn;
    const other = 2 * stamp + 1 - turn;
    const next: number[] = [];
    for (const i of fronts[turn] ?? []) {
      const x = i % side;
      const y = (i - x) / side;
      for (let dy = -1; dy <= 1; dy += 1) {
        for (let dx = -1; dx <= 1; dx += 1) {
          const nx = x + dx;
          const ny = y + dy;
          if (nx < 0 || ny < 0 || nx >= side || ny >= side) continue;
          const n = ny * side + nx;
          if (copper.mask[n] !== 1 || seen[n] === own || cut(nx, ny)) continue;
          if (seen[n] === other) return false;
          seen[n] = own;
          next.push(n);
        }
      }
    }
    if (next.length === 0) return true;
    fronts[turn] = next;
  }
}
