import { canvasSide } from './board-geometry.js';
import type { BoardLayout } from './board-layout.js';
import type { Point } from './copper-canvas.js';

/** A bundle of parallel traces that crosses the board and bends by 45 degrees once or twice. */
export function addBusBundle(layout: BoardLayout): void {
  const { random, scale } = layout;
  const width = random.pick(scale.traceWidths);
  const lanes = random.integer(3, 16);
  const pitch = width + scale.gap + random.integer(0, 8);
  const swap = random.next() < 0.5;
  const start = random.integer(-40, canvasSide - 60);
  const firstBend = random.integer(60, canvasSide - 160);
  const rise = random.integer(40, 260) * (random.next() < 0.5 ? -1 : 1);
  const secondBend = random.next() < 0.5;
  const miter = Math.tan(Math.PI / 8);
  for (let lane = 0; lane < lanes; lane += 1) {
    const offset = lane * pitch;
    const slant = Math.sign(rise) * miter * offset;
    const y = start + offset;
    const bend = firstBend - slant;
    const back = bend + Math.abs(rise);
    const line: Point[] = [
      { x: -20, y },
      { x: bend, y },
      { x: back, y: y + rise },
    ];
    line.push(
      secondBend
        ? { x: canvasSide + 20, y: y + rise }
        : { x: back + canvasSide, y: y + rise + Math.sign(rise) * canvasSide },
    );
    addFreeStretches(layout, swap ? line.map((p) => ({ x: p.y, y: p.x })) : line, width);
  }
}

/** Draws the longest run of segments that keeps its clearance, so that bundles may cross parts without touching them. */
function addFreeStretches(layout: BoardLayout, line: readonly Point[], width: number): void {
  const keep = width / 2 + layout.scale.gap;
  const run: Point[] = [];
  let net = layout.newNet();
  const flush = (): void => {
    const first = run[0];
    const last = run.at(-1);
    if (first && last && Math.hypot(first.x - last.x, first.y - last.y) > 40) layout.trace([...run], width, net);
    net = layout.newNet();
    run.length = 0;
  };
  line.forEach((from, index) => {
    const to = line[index + 1];
    if (!to) return;
    const steps = Math.max(1, Math.ceil(Math.hypot(to.x - from.x, to.y - from.y) / 4));
    for (let step = 0; step <= steps; step += 1) {
      const at = { x: from.x + ((to.x - from.x) * step) / steps, y: from.y + ((to.y - from.y) * step) / steps };
      // The nearest grid point may lie up to 5.7 px away.
      if (layout.router.clearance(at) < keep + 6) flush();
      else if (run.length > 0 && step > 1 && step < steps) run.splice(-1, 1, at);
      else run.push(at);
    }
  });
  flush();
}

/** A delay line folded back and forth. */
export function addMeander(layout: BoardLayout): void {
  const { random, scale } = layout;
  const width = Math.min(6, random.pick(scale.traceWidths));
  const pitch = width + scale.gap + random.integer(1, 6);
  const folds = random.integer(4, 10);
  const height = random.integer(24, 90);
  const at = layout.anywhere(60);
  const swap = random.next() < 0.5;
  if (layout.router.clearance({ x: at.x, y: at.y }) < Math.max(height, folds * pitch * 2) / 2 + scale.gap) return;
  const line: Point[] = [];
  const left = at.x - folds * pitch;
  for (let fold = 0; fold < folds * 2; fold += 1) {
    const x = left + fold * pitch;
    const [near, far] =
      fold % 2 === 0 ? [at.y - height / 2, at.y + height / 2] : [at.y + height / 2, at.y - height / 2];
    line.push({ x, y: near }, { x, y: far });
  }
  layout.trace(
    swap ? line.map((p) => ({ x: at.x + (p.y - at.y), y: at.y + (p.x - at.x) })) : line,
    width,
    layout.newNet(),
  );
}

/** Two rows of pads, as under a small-outline package. */
export function addPackage(layout: BoardLayout): void {
  const { random, scale } = layout;
  const pitch = Math.ceil((scale.padSide * 0.6 + scale.gap) / 8) * 8;
  const count = random.integer(3, 10);
  const rowGap = random.integer(6, 14) * 8;
  const at = layout.anywhere(40);
  const swap = random.next() < 0.5;
  const long = scale.padSide * (1 + random.next());
  for (let row = 0; row < 2; row += 1) {
    for (let pin = 0; pin < count; pin += 1) {
      const along = (pin - count / 2) * pitch;
      const across = (row - 0.5) * rowGap;
      if (swap) layout.rectPad({ x: at.x + across, y: at.y + along }, long, pitch - scale.gap);
      else layout.rectPad({ x: at.x + along, y: at.y + across }, pitch - scale.gap, long);
    }
  }
}

/** Two facing pads, as for a chip resistor. */
export function addChipPart(layout: BoardLayout): void {
  const { random, scale } = layout;
  const at = layout.anywhere(20);
  const width = scale.padSide * (0.8 + random.next() * 0.7);
  const height = scale.padSide * (0.8 + random.next() * 0.7);
  const reach = Math.ceil((width + scale.gap + random.integer(2, 20)) / 8) * 8;
  const swap = random.next() < 0.5;
  layout.rectPad(at, swap ? height : width, swap ? width : height);
  layout.rectPad(
    swap ? { x: at.x, y: at.y + reach } : { x: at.x + reach, y: at.y },
    swap ? height : width,
    swap ? width : height,
  );
}

/** Plated holes in a row, an arc of one, or alone. */
export function addThroughHoles(layout: BoardLayout): void {
  const { random, scale } = layout;
  const hole = scale.holeRadius * (0.7 + random.next() * 0.8);
  const ring = hole + 5 + random.next() * scale.holeRadius;
  const drilled = random.next() < 0.75;
  const count = random.pick([1, 1, 2, 3, 6]);
  const pitch = Math.ceil((ring * 2 + scale.gap + random.integer(4, 30)) / 8) * 8;
  const at = layout.anywhere(10);
  const swap = random.next() < 0.5;
  for (let index = 0; index < count; index += 1) {
    const shift = index * pitch;
    layout.roundPad(swap ? { x: at.x, y: at.y + shift } : { x: at.x + shift, y: at.y }, ring, drilled ? hole : 0);
  }
}

/** Small vias on a grid or strewn. */
export function addVias(layout: BoardLayout): void {
  const { random, scale } = layout;
  const radius = 4 + random.next() * 5;
  const hole = radius > 6 && random.next() < 0.6 ? radius - 4 : 0;
  if (random.next() < 0.4) {
    const at = layout.anywhere(40);
    const pitch = Math.ceil((radius * 2 + scale.gap + random.integer(0, 24)) / 8) * 8;
    const columns = random.integer(2, 7);
    for (let index = 0; index < columns * random.integer(1, 4); index += 1) {
      layout.roundPad(
        { x: at.x + (index % columns) * pitch, y: at.y + Math.floor(index / columns) * pitch },
        radius,
        hole,
      );
    }
  } else {
    for (let index = random.integer(2, 8); index > 0; index -= 1) layout.roundPad(layout.anywhere(), radius, hole);
  }
}

/** Joins pads to near pads or to the edge of the board, each over the cheapest free way. */
export function addRoutes(layout: BoardLayout, attempts: number): void {
  const { random, scale, pads, router } = layout;
  const used = new Set<number>();
  for (let attempt = 0; attempt < attempts && pads.length > 0; attempt += 1) {
    const from = pads[random.integer(0, pads.length - 1)];
    if (!from) return;
    const width = random.pick(scale.traceWidths);
    const leaves = random.next() < 0.25;
    let target: Point;
    let own = [from.net];
    if (leaves) {
      target = random.pick([
        { x: 0, y: from.at.y + random.integer(-80, 80) },
        { x: canvasSide, y: from.at.y + random.integer(-80, 80) },
        { x: from.at.x + random.integer(-80, 80), y: 0 },
        { x: from.at.x + random.integer(-80, 80), y: canvasSide },
      ]);
      target = { x: Math.min(canvasSide, Math.max(0, target.x)), y: Math.min(canvasSide, Math.max(0, target.y)) };
    } else {
      const near = pads
        .filter((pad) => pad !== from && !(used.has(pad.net) && used.has(from.net)))
        .map((pad) => ({ pad, far: Math.hypot(pad.at.x - from.at.x, pad.at.y - from.at.y) * (0.5 + random.next()) }))
        .reduce<{ pad: (typeof pads)[number]; far: number } | undefined>(
          (best, next) => (best === undefined || next.far < best.far ? next : best),
          undefined,
        );
      if (!near) continue;
      target = near.pad.at;
      own = [from.net, near.pad.net];
    }
    const corners = router.route(from.at, target, own, width, scale.gap);
    if (!corners) continue;
    layout.trace(corners, width, from.net);
    for (const net of own) used.add(net);
  }
}

/** Strokes that read like printed characters: each one is a few strokes between the points of a 3 by 3 lattice. */
export function addLettering(layout: BoardLayout): void {
  const { random, canvas, router } = layout;
  const height = random.integer(14, 34);
  const width = height * 0.55;
  const at = layout.anywhere(30);
  const swap = random.next() < 0.4;
  const stroke = 2.2 + random.next() * 1.4;
  const count = random.integer(3, 12);
  for (let letter = 0; letter < count; letter += 1) {
    const place = (p: Point): Point => {
      const local = { x: letter * width * 1.5 + p.x * width, y: p.y * height };
      return swap ? { x: at.x + local.y, y: at.y + local.x } : { x: at.x + local.x, y: at.y + local.y };
    };
    const centre = place({ x: 0.5, y: 0.5 });
    if (router.clearance(centre) < height / 2 + 14) continue;
    const net = layout.newNet();
    const lattice = (): Point => ({ x: random.integer(0, 2) / 2, y: random.integer(0, 2) / 2 });
    let pen = lattice();
    for (let index = random.integer(2, 5); index > 0; index -= 1) {
      const next = lattice();
      canvas.segment(place(pen), place(next), stroke, 1);
      pen = next;
    }
    router.occupyRect(net, centre, height, height);
  }
}
