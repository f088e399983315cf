import type { Random } from '@edge-blueprints/contracts';
import { canvasSide } from './board-geometry.js';
import type { ClearanceRouter } from './clearance-router.js';
import { createClearanceRouter, snapToGrid } from './clearance-router.js';
import type { CopperCanvas, Point } from './copper-canvas.js';
import { createCopperCanvas } from './copper-canvas.js';

/** Sizes that a whole board shares, pixels. */
export interface LayoutScale {
  readonly traceWidths: readonly [number, ...number[]];
  readonly gap: number;
  readonly padSide: number;
  readonly holeRadius: number;
}

export interface Pad {
  readonly at: Point;
  readonly net: number;
}

export interface Trace {
  readonly from: Point;
  readonly to: Point;
  readonly width: number;
}

/** A board under construction: copper on the canvas, taken places in the router, pads that still want a trace. */
export interface BoardLayout {
  readonly random: Random;
  readonly scale: LayoutScale;
  readonly canvas: CopperCanvas;
  readonly router: ClearanceRouter;
  readonly pads: Pad[];
  readonly traces: Trace[];
  readonly holes: { readonly at: Point; readonly radius: number }[];
  newNet(): number;
  rectPad(at: Point, width: number, height: number): boolean;
  roundPad(at: Point, radius: number, hole: number): boolean;
  trace(points: readonly Point[], width: number, net: number): void;
  anywhere(inset?: number): Point;
}

export function createBoardLayout(random: Random, scale: LayoutScale): BoardLayout {
  // Under 0.35 degrees: at most four pixels over the picture.
  const canvas = createCopperCanvas((random.next() - 0.5) * 0.012);
  const router = createClearanceRouter();
  const pads: Pad[] = [];
  const traces: Trace[] = [];
  const holes: { at: Point; radius: number }[] = [];
  let nets = 0;
  const newNet = (): number => (nets += 1);
  return {
    random,
    scale,
    canvas,
    router,
    pads,
    traces,
    holes,
    newNet,
    rectPad(wanted, width, height) {
      const at = snapToGrid(wanted);
      if (router.clearance(at) < Math.max(width, height) / 2 + scale.gap) return false;
      const net = newNet();
      canvas.rect(at, width, height, 1);
      router.occupyRect(net, at, width, height);
      pads.push({ at, net });
      return true;
    },
    roundPad(wanted, radius, hole) {
      const at = snapToGrid(wanted);
      if (router.clearance(at) < radius + scale.gap) return false;
      const net = newNet();
      canvas.disc(at, radius, 1);
      router.occupySegment(net, at, at, radius * 2);
      if (hole > 0) holes.push({ at, radius: hole });
      pads.push({ at, net });
      return true;
    },
    trace(points, width, net) {
      canvas.polyline(points, width, 1);
      points.forEach((from, index) => {
        const to = points[index + 1];
        if (!to) return;
        traces.push({ from, to, width });
        router.occupySegment(net, from, to, width);
      });
    },
    anywhere: (inset = 0) => ({
      x: inset + random.next() * (canvasSide - 2 * inset),
      y: inset + random.next() * (canvasSide - 2 * inset),
    }),
  };
}
