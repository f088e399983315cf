import { multiply, type Homography } from './homography.js';
import { addEquation, solveSymmetric } from './least-squares.js';

/** From and to; the fit minimises the distance on the side of `to`. */
export type Pair = readonly [from: readonly [number, number], to: readonly [number, number]];

const unknowns = 8;
const degenerate = 1e-9;
/** Squared distances of conditioned points below this are rounding. */
const exact = 1e-24;

/**
 * Homography of least squared distance in the space of `to`: direct linear transform on coordinates that are centred and
 * scaled (Hartley 1997), with h33 = 1 (the middle of the points is seen floor, so it is never on the horizon), then
 * Levenberg-Marquardt on the distances. Undefined where the pairs do not fix it: three of every four lie on a line.
 * `start` saves rounds where a near solution is known.
 */
export function fitHomography(pairs: readonly Pair[], start?: Homography): number[] | undefined {
  const from = conditioner(pairs.map((pair) => pair[0]));
  const to = conditioner(pairs.map((pair) => pair[1]));
  const conditioned = pairs.map(([p, q]): Pair => [from.apply(p), to.apply(q)]);
  const first = directLinear(conditioned);
  if (!first) return undefined;
  const given = start && scaled(multiply(multiply(to.forward, start), from.back));
  const isBetter = given && squaredDistance(conditioned, given) < squaredDistance(conditioned, first);
  const h = refined(conditioned, isBetter ? given : first);
  return signed(multiply(multiply(to.back, [...h, 1]), from.forward), pairs);
}

function directLinear(pairs: readonly Pair[]): number[] | undefined {
  const ata = new Array<number>(unknowns * unknowns).fill(0);
  const atb = new Array<number>(unknowns).fill(0);
  for (const [[x, y], [u, v]] of pairs) {
    addEquation(ata, atb, [x, y, 1, 0, 0, 0, -u * x, -u * y], u);
    addEquation(ata, atb, [0, 0, 0, x, y, 1, -v * x, -v * y], v);
  }
  return solveSymmetric(ata, atb, degenerate);
}

function refined(pairs: readonly Pair[], start: readonly number[]): number[] {
  let h = [...start];
  let cost = squaredDistance(pairs, h);
  let damping = 1e-4;
  for (let round = 0; round < 60 && damping < 1e12 && cost > exact; round += 1) {
    const { jtj, jtr } = normalEquations(pairs, h);
    const damped = jtj.map((value, i) => (i % (unknowns + 1) === 0 ? value * (1 + damping) : value));
    const step = solveSymmetric(damped, jtr, 0);
    const next = step && h.map((value, i) => value + (step[i] ?? 0));
    const nextCost = next ? squaredDistance(pairs, next) : Number.POSITIVE_INFINITY;
    if (next && nextCost < cost) {
      const gain = (cost - nextCost) / cost;
      h = next;
      cost = nextCost;
      damping /= 10;
      if (gain < 1e-12) break;
    } else {
      damping *= 10;
    }
  }
  return h;
}

function normalEquations(pairs: readonly Pair[], h: readonly number[]): { jtj: number[]; jtr: number[] } {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, i = 0] = h;
  const jtj = new Array<number>(unknowns * unknowns).fill(0);
  const jtr = new Array<number>(unknowns).fill(0);
  for (const [[x, y], [u, v]] of pairs) {
    const w = g * x + i * y + 1;
    const px = (a * x + b * y + c) / w;
    const py = (d * x + e * y + f) / w;
    addEquation(jtj, jtr, [x / w, y / w, 1 / w, 0, 0, 0, (-px * x) / w, (-px * y) / w], u - px);
    addEquation(jtj, jtr, [0, 0, 0, x / w, y / w, 1 / w, (-py * x) / w, (-py * y) / w], v - py);
  }
  return { jtj, jtr };
}

function squaredDistance(pairs: readonly Pair[], h: readonly number[]): number {
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, i = 0] = h;
  let sum = 0;
  for (const [[x, y], [u, v]] of pairs) {
    const w = g * x + i * y + 1;
    sum += ((a * x + b * y + c) / w - u) ** 2 + ((d * x + e * y + f) / w - v) ** 2;
  }
  return Number.isNaN(sum) ? Number.POSITIVE_INFINITY : sum;
}

/** Moves the middle to the origin and the mean distance to the square root of two. */
function conditioner(points: readonly (readonly [number, number])[]) {
  const x = points.reduce((s, p) => s + p[0], 0) / points.length;
  const y = points.reduce((s, p) => s + p[1], 0) / points.length;
  const spread = points.reduce((s, p) => s + Math.hypot(p[0] - x, p[1] - y), 0) / points.length;
  const scale = spread > 0 ? Math.SQRT2 / spread : 1;
  return {
    apply: (p: readonly [number, number]): readonly [number, number] => [(p[0] - x) * scale, (p[1] - y) * scale],
    forward: [scale, 0, -x * scale, 0, scale, -y * scale, 0, 0, 1],
    back: [1 / scale, 0, x, 0, 1 / scale, y, 0, 0, 1],
  };
}

function scaled(h: Homography): number[] {
  const last = h[8] ?? 1;
  return h.slice(0, unknowns).map((value) => value / last);
}

/** Unit length, and positive scale at the middle of the points. */
function signed(h: readonly number[], pairs: readonly Pair[]): number[] {
  const x = pairs.reduce((s, p) => s + p[0][0], 0) / pairs.length;
  const y = pairs.reduce((s, p) => s + p[0][1], 0) / pairs.length;
  const w = (h[6] ?? 0) * x + (h[7] ?? 0) * y + (h[8] ?? 0);
  const length = Math.hypot(...h) * (w < 0 ? -1 : 1);
  return h.map((value) => value / length);
}
