/** A two-valued picture: 1 set, 0 not. Rows packed. */
export interface BinaryMask {
  readonly width: number;
  readonly height: number;
  readonly bits: Uint8Array;
}

/** Set where the grey level is below `level` (or at or above it, with `dark` false). */
export function maskOf(width: number, height: number, pixels: Uint8Array, level: number, dark: boolean): BinaryMask {
  const bits = new Uint8Array(width * height);
  for (let i = 0; i < bits.length; i += 1) bits[i] = (pixels[i] ?? 0) < level === dark ? 1 : 0;
  return { width, height, bits };
}

/** Grows what is set by one pixel in all eight directions. */
export function dilate(mask: BinaryMask): BinaryMask {
  return squareFilter(mask, 1);
}

/** Shrinks what is set by one pixel in all eight directions; outside of the picture counts as set. */
export function erode(mask: BinaryMask): BinaryMask {
  return squareFilter(mask, 0);
}

/** Set where `a` is set and `b` is not. */
export function without(a: BinaryMask, b: BinaryMask): BinaryMask {
  const bits = new Uint8Array(a.bits.length);
  for (let i = 0; i < bits.length; i += 1) bits[i] = (a.bits[i] ?? 0) & ~(b.bits[i] ?? 0);
  return { width: a.width, height: a.height, bits };
}

/** Set where both are set. */
export function both(a: BinaryMask, b: BinaryMask): BinaryMask {
  return { width: a.width, height: a.height, bits: a.bits.map((bit, i) => bit & (b.bits[i] ?? 0)) };
}

/** Dilated so many times. */
export function grown(mask: BinaryMask, px: number): BinaryMask {
  let out = mask;
  for (let i = 0; i < px; i += 1) out = dilate(out);
  return out;
}

/** How many pixels are set. */
export function areaOf({ bits }: BinaryMask): number {
  let area = 0;
  for (const bit of bits) area += bit;
  return area;
}

/** The box around all that is set, max edges exclusive; of an empty mask xMax and yMax are 0. */
export function extentOf({ width, height, bits }: BinaryMask) {
  const extent = { xMin: width, yMin: height, xMax: 0, yMax: 0 };
  for (let i = 0; i < bits.length; i += 1) {
    if (bits[i] !== 1) continue;
    const y = Math.floor(i / width);
    const x = i - y * width;
    extent.xMin = Math.min(extent.xMin, x);
    extent.xMax = Math.max(extent.xMax, x + 1);
    extent.yMin = Math.min(extent.yMin, y);
    extent.yMax = Math.max(extent.yMax, y + 1);
  }
  return extent;
}

/** How many pixels differ. Masks of one size. */
export function differingPixels(a: BinaryMask, b: BinaryMask): number {
  let count = 0;
  for (let i = 0; i < a.bits.length; i += 1) count += (a.bits[i] ?? 0) ^ (b.bits[i] ?? 0);
  return count;
}

/**
 * What remains of a mask after a 3x3 cross was taken from every rim and given back: single pixels and threads of one or
 * two pixels go, shapes of three and more stay.
 */
export function opened(mask: BinaryMask): BinaryMask {
  return crossFilter(crossFilter(mask, 0), 1);
}

/** A part of the mask, which may reach beyond its edges: there they are repeated. */
export function cropped(mask: BinaryMask, left: number, top: number, width: number, height: number): BinaryMask {
  const bits = new Uint8Array(width * height);
  for (let y = 0; y < height; y += 1) {
    const row = Math.min(Math.max(top + y, 0), mask.height - 1) * mask.width;
    for (let x = 0; x < width; x += 1)
      bits[y * width + x] = mask.bits[row + Math.min(Math.max(left + x, 0), mask.width - 1)] ?? 0;
  }
  return { width, height, bits };
}

/** The mask moved by whole pixels; edges are repeated into the gap. */
export function shifted(mask: BinaryMask, dx: number, dy: number): BinaryMask {
  return cropped(mask, -dx, -dy, mask.width, mask.height);
}

/** Pixels that become `value` when they or any of their four neighbours have it; edges are repeated. */
function crossFilter({ width, height, bits }: BinaryMask, value: 0 | 1): BinaryMask {
  const out = new Uint8Array(bits.length);
  for (let y = 0; y < height; y += 1) {
    const row = y * width;
    const above = Math.max(y - 1, 0) * width;
    const below = Math.min(y + 1, height - 1) * width;
    for (let x = 0; x < width; x += 1) {
      const left = bits[row + Math.max(x - 1, 0)] ?? 0;
      const right = bits[row + Math.min(x + 1, width - 1)] ?? 0;
      const up = bits[above + x] ?? 0;
      const here = bits[row + x] ?? 0;
      const down = bits[below + x] ?? 0;
      out[row + x] = value === 1 ? up | left | here | right | down : up & left & here & right & down;
    }
  }
  return { width, height, bits: out };
}

/** Pixels that become `value` when any of their 3x3 neighbourhood has it: along rows, then across them, in memory order. */
function squareFilter({ width, height, bits }: BinaryMask, value: 0 | 1): BinaryMask {
  const rows = new Uint8Array(bits.length);
  const out = new Uint8Array(bits.length);
  const join = value === 1 ? anyOf : allOf;
  for (let y = 0; y < height; y += 1) {
    const start = y * width;
    const last = start + width - 1;
    for (let at = start; at <= last; at += 1) {
      rows[at] = join(bits[Math.max(at - 1, start)] ?? 0, bits[at] ?? 0, bits[Math.min(at + 1, last)] ?? 0);
    }
  }
  for (let y = 0; y < height; y += 1) {
    const above = Math.max(y - 1, 0) * width;
    const below = Math.min(y + 1, height - 1) * width;
    for (let x = 0; x < width; x += 1) {
      out[y * width + x] = join(rows[above + x] ?? 0, rows[y * width + x] ?? 0, rows[below + x] ?? 0);
    }
  }
  return { width, height, bits: out };
}

const anyOf = (a: number, b: number, c: number): number => a | b | c;
const allOf = (a: number, b: number, c: number): number => a & b & c;
