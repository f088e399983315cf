import { canvasSide } from './board-geometry.js';
import type { BoardLayout } from './board-layout.js';
import { chamferDistance, connectedComponents, thirdsPerPixel } from './copper-map.js';
import type { Point } from './copper-canvas.js';
import { createCopperCanvas } from './copper-canvas.js';

/** Ground copper: fills a chamfered region and keeps its distance to everything that is there; slivers are taken away. */
export function addPour(layout: BoardLayout): void {
  const { random, canvas, scale } = layout;
  const region = createCopperCanvas(0);
  const whole = random.next() < 0.25;
  const centre = layout.anywhere();
  const width = whole ? canvasSide * 3 : random.integer(140, 460);
  const height = whole ? canvasSide * 3 : random.integer(140, 460);
  region.polygon(chamferedRect(centre, width, height, random.integer(0, 70)), 1);
  const keep = (scale.gap + random.integer(2, 12)) * thirdsPerPixel;
  const clearance = chamferDistance(canvas.mask, 1);
  const poured = region.mask;
  for (let i = 0; i < poured.length; i += 1) if ((clearance[i] ?? 0) <= keep) poured[i] = 0;

  const neck = 5 * thirdsPerPixel;
  const depth = chamferDistance(poured, 0);
  const core = new Uint8Array(poured.length);
  for (let i = 0; i < core.length; i += 1) core[i] = (depth[i] ?? 0) > neck ? 1 : 0;
  const toCore = chamferDistance(core, 1);
  for (let i = 0; i < poured.length; i += 1) if ((toCore[i] ?? 0) > neck) poured[i] = 0;

  const { labels, sizes } = connectedComponents(poured, canvasSide, 1);
  for (let i = 0; i < poured.length; i += 1) {
    if (poured[i] === 1 && (sizes[labels[i] ?? 0] ?? 0) > 900) canvas.mask[i] = 1;
  }
  for (let index = random.integer(0, 9); index > 0; index -= 1) {
    const radius = random.pick([3, 4, 5, 7, 10]);
    const at = { x: centre.x + (random.next() - 0.5) * width, y: centre.y + (random.next() - 0.5) * height };
    layout.holes.push({ at, radius });
  }
}

/** A board that is mostly copper, divided by narrow channels and round cut-outs. */
export function addIsolationChannels(layout: BoardLayout): void {
  const { random, canvas } = layout;
  const block = random.next() < 0.6;
  if (block) canvas.rect({ x: canvasSide / 2, y: canvasSide / 2 }, canvasSide * 2, canvasSide * 2, 1);
  else {
    for (let index = random.integer(2, 4); index > 0; index -= 1) {
      canvas.polygon(
        chamferedRect(layout.anywhere(), random.integer(160, 420), random.integer(200, 600), random.integer(0, 60)),
        1,
      );
    }
  }
  for (let index = random.integer(3, 7); index > 0; index -= 1) {
    const width = random.integer(6, 22);
    const vertical = random.next() < 0.6;
    const line: Point[] = [];
    let across = random.next() * canvasSide;
    let along = -30;
    line.push({ x: across, y: along });
    while (along < canvasSide) {
      along += random.integer(30, 170);
      line.push({ x: across, y: along });
      const shift = random.integer(-70, 70);
      if (random.next() < 0.5) along += Math.abs(shift);
      across += shift;
      line.push({ x: across, y: along });
    }
    canvas.polyline(vertical ? line : line.map((p) => ({ x: p.y, y: p.x })), width, 0);
  }
  for (let index = random.integer(0, 3); index > 0; index -= 1) {
    layout.canvas.disc(layout.anywhere(), random.integer(20, 90), 0);
  }
  for (let index = random.integer(0, 10); index > 0; index -= 1) {
    layout.holes.push({ at: layout.anywhere(), radius: random.pick([4, 6, 9, 14]) });
  }
}

/** A block of copper on its own: a heat spreader, a big terminal, the end of a thick trace. */
export function addSolidBlock(layout: BoardLayout): void {
  const { random, router, canvas, scale } = layout;
  const at = layout.anywhere();
  if (random.next() < 0.35) {
    const radius = random.integer(26, 80);
    if (router.clearance(at) < radius + scale.gap + 6) return;
    canvas.disc(at, radius, 1);
    router.occupySegment(layout.newNet(), at, at, radius * 2);
    return;
  }
  const width = random.integer(50, 240);
  const height = random.integer(40, 200);
  if (router.clearance(at) < Math.hypot(width, height) / 2 + scale.gap) return;
  canvas.polygon(chamferedRect(at, width, height, random.integer(0, 30)), 1);
  router.occupyRect(layout.newNet(), at, width, height);
}

function chamferedRect(centre: Point, width: number, height: number, chamfer: number): readonly Point[] {
  const w = width / 2;
  const h = height / 2;
  const c = Math.min(chamfer, w, h);
  const { x, y } = centre;
  return [
    { x: x - w + c, y: y - h },
    { x: x + w - c, y: y - h },
    { x: x + w, y: y - h + c },
    { x: x + w, y: y + h - c },
    { x: x + w - c, y: y + h },
    { x: x - w + c, y: y + h },
    { x: x - w, y: y + h - c },
    { x: x - w, y: y - h + c },
  ];
}
