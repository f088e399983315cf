import type { BinaryMask } from './binary-mask.js';

/** A connected group of set pixels. Max edges exclusive. */
export interface MaskComponent {
  readonly label: number;
  readonly area: number;
  readonly xMin: number;
  readonly yMin: number;
  readonly xMax: number;
  readonly yMax: number;
}

export interface LabelledMask {
  /** Per pixel the label of its component, 0 where nothing is set. */
  readonly labels: Int32Array;
  /** Component of label n at index n - 1. */
  readonly components: readonly MaskComponent[];
}

/** Groups set pixels that touch, corners included. */
export function labelComponents({ width, height, bits }: BinaryMask): LabelledMask {
  const labels = new Int32Array(bits.length);
  const components: MaskComponent[] = [];
  const stack = new Int32Array(bits.length);
  for (let seed = 0; seed < bits.length; seed += 1) {
    if (bits[seed] !== 1 || labels[seed] !== 0) continue;
    const label = components.length + 1;
    const found = { label, area: 0, xMin: width, yMin: height, xMax: 0, yMax: 0 };
    let depth = 1;
    stack[0] = seed;
    labels[seed] = label;
    while (depth > 0) {
      depth -= 1;
      const at = stack[depth] ?? 0;
      const y = Math.floor(at / width);
      const x = at - y * width;
      found.area += 1;
      found.xMin = Math.min(found.xMin, x);
      found.yMin = Math.min(found.yMin, y);
      found.xMax = Math.max(found.xMax, x + 1);
      found.yMax = Math.max(found.yMax, y + 1);
      for (let ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, height - 1); ny += 1) {
        for (let nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, width - 1); nx += 1) {
          const next = ny * width + nx;
          if (bits[next] === 1 && labels[next] === 0) {
            labels[next] = label;
            stack[depth] = next;
            depth += 1;
          }
        }
      }
    }
    components.push(found);
  }
  return { labels, components };
}
