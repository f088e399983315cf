import { cropped, differingPixels, shifted, type BinaryMask } from './binary-mask.js';

/** The template moved to where it differs least from the board; every third pixel of every third row is compared. */
export function registered(golden: BinaryMask, board: BinaryMask, maxShiftPx: number): BinaryMask {
  const { width, height } = board;
  let best = { dx: 0, dy: 0, differences: Infinity };
  for (let dy = -maxShiftPx; dy <= maxShiftPx; dy += 1) {
    for (let dx = -maxShiftPx; dx <= maxShiftPx; dx += 1) {
      let differences = 0;
      for (let y = maxShiftPx; y < height - maxShiftPx; y += 3) {
        const to = y * width;
        const from = (y - dy) * width - dx;
        for (let x = maxShiftPx; x < width - maxShiftPx; x += 3) {
          differences += (board.bits[to + x] ?? 0) ^ (golden.bits[from + x] ?? 0);
        }
      }
      if (isBetter(differences, dx, dy, best)) best = { dx, dy, differences };
    }
  }
  return best.dx === 0 && best.dy === 0 ? golden : shifted(golden, best.dx, best.dy);
}

/** A piece of the board and of the template, the template moved once more within the piece. */
export interface RegisteredWindow {
  readonly left: number;
  readonly top: number;
  readonly board: BinaryMask;
  readonly golden: BinaryMask;
}

/**
 * Registers a window of its own: etching, lens and a warped board move traces by a pixel here and there, which no single
 * shift of the whole board undoes, and which a plain difference reports as defects along every edge.
 */
export function registeredWindow(
  board: BinaryMask,
  golden: BinaryMask,
  at: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  maxShiftPx: number,
): RegisteredWindow {
  const { left, top, width, height } = at;
  const seen = cropped(board, left, top, width, height);
  let best = { dx: 0, dy: 0, differences: Infinity };
  let moved = seen;
  for (let dy = -maxShiftPx; dy <= maxShiftPx; dy += 1) {
    for (let dx = -maxShiftPx; dx <= maxShiftPx; dx += 1) {
      const candidate = cropped(golden, left - dx, top - dy, width, height);
      const differences = differingPixels(seen, candidate);
      if (!isBetter(differences, dx, dy, best)) continue;
      best = { dx, dy, differences };
      moved = candidate;
    }
  }
  return { left, top, board: seen, golden: moved };
}

/** Fewer differences; of equal shifts the smaller one, because a plain area fits everywhere. */
function isBetter(
  differences: number,
  dx: number,
  dy: number,
  best: { readonly dx: number; readonly dy: number; readonly differences: number },
): boolean {
  const nearer = Math.abs(dx) + Math.abs(dy) < Math.abs(best.dx) + Math.abs(best.dy);
  return differences < best.differences || (differences === best.differences && nearer);
}
