import type { DeviceRowView } from '@edge-blueprints/contracts';

export interface SiteRun {
  readonly site: string;
  /** Index of its first device in the list of all, which is ordered by site. */
  readonly first: number;
  readonly count: number;
}

export interface MatrixBlock extends SiteRun {
  readonly left: number;
  readonly top: number;
}

/** All lengths in CSS pixels. Sites stand in columns, each with its name on the left and its devices in rows beside it. */
export interface MatrixLayout {
  readonly pitch: number;
  readonly perRow: number;
  readonly labelWidth: number;
  readonly blockWidth: number;
  readonly height: number;
  readonly blocks: readonly MatrixBlock[];
}

/** From easy to hit to just readable. The last one is used only where it spares the scrolling. */
const pitches = [36, 26, 22, 18, 15, 13, 11, 9] as const;
const scrollingPitch = 11;
const mostColumns = 6;
const gap = 6;
const blockGap = 24;
const leastBlockHeight = 22;

export function siteRuns(rows: readonly Pick<DeviceRowView, 'site'>[]): readonly SiteRun[] {
  const runs: { site: string; first: number; count: number }[] = [];
  for (const [index, { site }] of rows.entries()) {
    const last = runs[runs.length - 1];
    if (last?.site === site) last.count += 1;
    else runs.push({ site, first: index, count: 1 });
  }
  return runs;
}

/** The largest cells with which everything fits into `height`; if none does, small ones, and the matrix scrolls. */
export function layOutMatrix(
  runs: readonly SiteRun[],
  width: number,
  height: number,
  labelWidth: number,
): MatrixLayout {
  let scrolling: MatrixLayout | null = null;
  for (const pitch of pitches) {
    const layout = lowest(runs, width, pitch, labelWidth);
    if (layout !== null && layout.height <= height) return layout;
    if (pitch === scrollingPitch) scrolling = layout;
  }
  return scrolling ?? { pitch: scrollingPitch, perRow: 1, labelWidth, blockWidth: width, height: 0, blocks: [] };
}

/** Of one to six columns of sites, those that need the least height. */
function lowest(runs: readonly SiteRun[], width: number, pitch: number, labelWidth: number): MatrixLayout | null {
  let best: MatrixLayout | null = null;
  for (let columns = 1; columns <= mostColumns; columns++) {
    const layout = tryLayout(runs, width, pitch, columns, labelWidth);
    if (layout !== null && (best === null || layout.height < best.height)) best = layout;
  }
  return best;
}

function tryLayout(
  runs: readonly SiteRun[],
  width: number,
  pitch: number,
  columns: number,
  labelWidth: number,
): MatrixLayout | null {
  const blockWidth = Math.floor((width - (columns - 1) * blockGap) / columns);
  const perRow = Math.floor((blockWidth - labelWidth) / pitch);
  if (perRow < 1 || (columns > 1 && perRow < 5)) return null;
  const blocks: MatrixBlock[] = [];
  let top = 0;
  for (let row = 0; row < runs.length; row += columns) {
    let tallest = 0;
    for (const [column, run] of runs.slice(row, row + columns).entries()) {
      blocks.push({ ...run, left: column * (blockWidth + blockGap), top });
      tallest = Math.max(tallest, blockHeight(run.count, perRow, pitch));
    }
    top += tallest + gap;
  }
  return { pitch, perRow, labelWidth, blockWidth, height: Math.max(0, top - gap), blocks };
}

function blockHeight(count: number, perRow: number, pitch: number): number {
  return Math.max(leastBlockHeight, Math.ceil(count / perRow) * pitch);
}

export function heightOf(layout: MatrixLayout, block: MatrixBlock): number {
  return blockHeight(block.count, layout.perRow, layout.pitch);
}

/** Upper left corner of a device's cell; null for an index that is not there. */
export function cellOf(layout: MatrixLayout, index: number): { readonly left: number; readonly top: number } | null {
  const block = blockOf(layout, index);
  if (block === null) return null;
  const at = index - block.first;
  return {
    left: block.left + layout.labelWidth + (at % layout.perRow) * layout.pitch,
    top: block.top + Math.floor(at / layout.perRow) * layout.pitch,
  };
}

export function blockOf(layout: MatrixLayout, index: number): MatrixBlock | null {
  return layout.blocks.find((block) => index >= block.first && index < block.first + block.count) ?? null;
}

/** What lies under a point: a device, the name of a site, or nothing. */
export function under(
  layout: MatrixLayout,
  x: number,
  y: number,
): { readonly kind: 'device'; readonly index: number } | { readonly kind: 'site'; readonly site: string } | null {
  for (const block of layout.blocks) {
    const inside = x >= block.left && x < block.left + layout.blockWidth;
    if (!inside || y < block.top || y >= block.top + heightOf(layout, block)) continue;
    const right = x - block.left - layout.labelWidth;
    if (right < 0) return { kind: 'site', site: block.site };
    const column = Math.floor(right / layout.pitch);
    const at = Math.floor((y - block.top) / layout.pitch) * layout.perRow + column;
    return column < layout.perRow && at < block.count ? { kind: 'device', index: block.first + at } : null;
  }
  return null;
}

export type MatrixMove = 'left' | 'right' | 'up' | 'down' | 'first' | 'last' | 'next-site' | 'previous-site';

/** Where an arrow key leads; rows of neighbouring sites follow each other. Never leaves the matrix. */
export function moved(layout: MatrixLayout, index: number, move: MatrixMove): number {
  const last = layout.blocks.reduce((sum, block) => sum + block.count, 0) - 1;
  const bounded = (to: number): number => Math.max(0, Math.min(last, to));
  const at = layout.blocks.findIndex((block) => index >= block.first && index < block.first + block.count);
  const block = layout.blocks[at];
  if (block === undefined) return bounded(index);
  const column = (index - block.first) % layout.perRow;
  switch (move) {
    case 'left':
      return bounded(index - 1);
    case 'right':
      return bounded(index + 1);
    case 'first':
      return 0;
    case 'last':
      return bounded(last);
    case 'next-site':
      return layout.blocks[at + 1]?.first ?? bounded(last);
    case 'previous-site':
      return index > block.first ? block.first : (layout.blocks[at - 1]?.first ?? 0);
    case 'down': {
      const below = index + layout.perRow;
      const end = block.first + block.count - 1;
      if (below <= end) return below;
      const lastRow = Math.floor((block.count - 1) / layout.perRow);
      if (Math.floor((index - block.first) / layout.perRow) < lastRow) return end;
      const next = neighbour(layout, at, 1);
      return next === null ? index : next.first + Math.min(column, next.count - 1);
    }
    case 'up': {
      if (index - layout.perRow >= block.first) return index - layout.perRow;
      const before = neighbour(layout, at, -1);
      if (before === null) return index;
      const lastRow = Math.floor((before.count - 1) / layout.perRow) * layout.perRow;
      return before.first + Math.min(lastRow + column, before.count - 1);
    }
  }
}

/** The block above or below in the same column. */
function neighbour(layout: MatrixLayout, at: number, step: 1 | -1): MatrixBlock | null {
  const left = layout.blocks[at]?.left;
  for (let index = at + step; index >= 0 && index < layout.blocks.length; index += step) {
    const block = layout.blocks[index];
    if (block !== undefined && block.left === left) return block;
  }
  return null;
}
