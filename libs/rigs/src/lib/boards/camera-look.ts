import type { Random } from '@edge-blueprints/contracts';
import { createRandom } from '@edge-blueprints/contracts';

/** All levels are grey values 0 to 255. */
export interface Lighting {
  /** Level of copper; default 45. */
  readonly copperLevel?: number;
  /** Level of bare board; default 215. */
  readonly boardLevel?: number;
  /** Factor on everything; 1 is nominal. */
  readonly brightness?: number;
  /** Relative fall of the light from one side of the picture to the other, 0 to 0.5. */
  readonly gradient?: number;
  /** Direction in which the light falls, radians. */
  readonly direction?: number;
}

const noiseLength = 1 << 19;
let unitNoise: Int8Array | undefined;

/** Standard normal times 32, drawn once: a picture starts at its own place in it. */
function noiseTable(): Int8Array {
  if (!unitNoise) {
    const random = createRandom(0x6e015e);
    unitNoise = Int8Array.from({ length: noiseLength }, () =>
      Math.max(-127, Math.min(127, Math.round(random.normal() * 32))),
    );
  }
  return unitNoise;
}

/** A binarised picture as a grey camera sees it: optics soften the edges, light falls off, the sensor adds noise. */
export function photograph(
  crisp: Uint8Array,
  side: number,
  look: Lighting & { readonly noise: number },
  random: Random,
): Uint8Array {
  const dark = look.copperLevel ?? 45;
  const span = (look.boardLevel ?? 215) - dark;
  const brightness = look.brightness ?? 1;
  const fallX = ((look.gradient ?? 0) * Math.cos(look.direction ?? 0)) / side;
  const fallY = ((look.gradient ?? 0) * Math.sin(look.direction ?? 0)) / side;
  const soft = soften(crisp, side);
  const noise = noiseTable();
  const start = random.integer(0, noiseLength - 1);
  const scale = look.noise / 32;
  const out = new Uint8Array(side * side);
  for (let y = 0; y < side; y += 1) {
    const rowLight = brightness * (1 + fallY * (y - side / 2));
    for (let x = 0; x < side; x += 1) {
      const i = y * side + x;
      const light = rowLight + brightness * fallX * (x - side / 2);
      const level =
        (dark + (span * (soft[i] ?? 0)) / 4080) * light + (noise[(start + i) & (noiseLength - 1)] ?? 0) * scale;
      out[i] = level < 0 ? 0 : level > 255 ? 255 : level + 0.5;
    }
  }
  return out;
}

/** Binomial 3x3 blur; values 0 to 4080 (255 times 16), edges repeated. */
function soften(crisp: Uint8Array, side: number): Uint16Array {
  const rows = new Uint16Array(side * side);
  for (let y = 0; y < side; y += 1) {
    const base = y * side;
    let left = crisp[base] ?? 0;
    let here = left;
    for (let x = 0; x < side; x += 1) {
      const right = x + 1 < side ? (crisp[base + x + 1] ?? 0) : here;
      rows[base + x] = left + 2 * here + right;
      left = here;
      here = right;
    }
  }
  const out = new Uint16Array(side * side);
  for (let y = 0; y < side; y += 1) {
    const above = Math.max(0, y - 1) * side;
    const below = Math.min(side - 1, y + 1) * side;
    const base = y * side;
    for (let x = 0; x < side; x += 1) {
      out[base + x] = (rows[above + x] ?? 0) + 2 * (rows[base + x] ?? 0) + (rows[below + x] ?? 0);
    }
  }
  return out;
}
