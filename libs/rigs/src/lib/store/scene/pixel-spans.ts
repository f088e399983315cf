import type { PixelArea } from './scene-canvas.js';

const nothing: readonly number[] = [];

/**
 * The pixels of several areas, each once: per row the joined runs, as start and end columns in a row.
 * `by` grows all areas, cut at the picture's edge.
 */
export function spansOf(
  areas: readonly PixelArea[],
  by: number,
  width: number,
  height: number,
): readonly (readonly number[])[] {
  const rows: (readonly number[])[] = new Array<readonly number[]>(height).fill(nothing);
  const ordered = [...areas].sort((a, b) => a.left - b.left);
  for (const area of ordered) {
    const left = Math.max(area.left - by, 0);
    const right = Math.min(area.right + by, width);
    if (left >= right) continue;
    const bottom = Math.min(area.bottom + by, height);
    for (let row = Math.max(area.top - by, 0); row < bottom; row += 1) {
      const runs = rows[row] ?? nothing;
      const end = runs[runs.length - 1];
      if (end === undefined) rows[row] = [left, right];
      else if (left > end) rows[row] = [...runs, left, right];
      else if (right > end) rows[row] = [...runs.slice(0, -1), right];
    }
  }
  return rows;
}
