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

/** The mask moved by whole pixels; edges are repeated into the gap. */
export function shifted(mask: BinaryMask, dx: number, dy: number): BinaryMask {
  const { width, height } = mask;
  const bits = new Uint8Array(mask.bits.length);
  for (let y = 0; y < height; y += 1) {
    const row = Math.min(Math.max(y - dy, 0), height - 1) * width;
    for (let x = 0; x < width; x += 1)
      bits[y * width + x] = mask.bits[row + Math.min(Math.max(x - dx, 0), width - 1)] ?? 0;
  }
  return { width, height, bits };
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
