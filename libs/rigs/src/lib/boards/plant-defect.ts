import type { Detection, Random } from '@edge-blueprints/contracts';
import type { BoardDesign } from './board-design.js';
import type { DefectLabel } from './board-geometry.js';
import { boardSide, canvasMargin, canvasSide, defectLabels } from './board-geometry.js';
import type { DefectShape } from './defect-shapes.js';
import { shapeOf } from './defect-shapes.js';
import type { PixelWindow } from './pixel-window.js';
import { localParts, windowAround } from './pixel-window.js';

/** Crumbs of a ragged edge below this size are no part of their own. */
const crumbPixels = 8;
const leastChanged = 14;
/** DeepPCB's boxes lie about 10 px outside the differing pixels. */
const looseness = 10;
const attemptsPerDefect = 60;

/**
 * Plants one defect of the class in `mask` (in place) and returns its truth in picture coordinates, or undefined where the
 * board has no room for one. What is planted is checked on the copper itself: an open parts its trace, a short joins two
 * nets, the others leave every net as it was.
 * @param shift where the camera sees the board, pixels off nominal
 * @param taken boxes of the defects that are there already; boxes never overlap
 */
export function plantDefect(
  design: BoardDesign,
  mask: Uint8Array,
  label: DefectLabel,
  shift: { readonly x: number; readonly y: number },
  taken: readonly Detection[],
  random: Random,
): Detection | undefined {
  for (let attempt = 0; attempt < attemptsPerDefect; attempt += 1) {
    const shape = shapeOf[label](design, mask, random);
    if (!shape) continue;
    const changed = changedPixels(design, mask, label, shape);
    if (changed.length < leastChanged) continue;
    const extent = windowAround(changed, 0);
    const box = looseBox(extent, shift, random);
    if (!box || taken.some((other) => overlap(other.box, box))) continue;
    const window = windowAround(changed, 9);
    const before = new Uint8Array(changed.length).fill(shape.value === 1 ? 0 : 1);
    const copperBefore = localParts(mask, window, 1);
    const bareBefore = localParts(mask, window, 0);
    for (const i of changed) mask[i] = shape.value;
    const copperAfter = localParts(mask, window, 1);
    const bareAfter = localParts(mask, window, 0);
    const growth = copperAfter.count(crumbPixels) - copperBefore.count(crumbPixels);
    const openings = bareAfter.count(crumbPixels) - bareBefore.count(crumbPixels);
    const from = shape.ends ? copperAfter.partOf(shape.ends[0]) : 0;
    const to = shape.ends ? copperAfter.partOf(shape.ends[1]) : 0;
    const holds: Record<DefectLabel, boolean> = {
      open: from !== 0 && to !== 0 && from !== to,
      short: from !== 0 && from === to && touchesTwoNets(design, changed),
      mousebite: growth === 0 && openings === 0 && changed.some((i) => reachesOldBoard(design, bareAfter, i, window)),
      spur: growth === 0 && openings === 0,
      copper: growth === 1 && openings === 0,
      'pin-hole': growth === 0 && openings >= 1,
    };
    if (holds[label]) return { label, classIndex: defectLabels.indexOf(label), score: 1, box };
    changed.forEach((i, index) => (mask[i] = before[index] ?? 0));
  }
  return undefined;
}

/** The pixels that really differ; what an open or a bite removes belongs to one net. */
function changedPixels(design: BoardDesign, mask: Uint8Array, label: DefectLabel, shape: DefectShape): number[] {
  const changed = [...new Set(shape.pixels)].filter((i) => mask[i] !== shape.value);
  if (label !== 'open' && label !== 'mousebite') return changed;
  const { nets } = design.copper;
  const net = shape.ends ? nets[shape.ends[0]] : changed.map((i) => nets[i] ?? 0).find((id) => id !== 0);
  return changed.filter((i) => nets[i] === net || nets[i] === 0);
}

function touchesTwoNets(design: BoardDesign, changed: readonly number[]): boolean {
  const nets = new Set<number>();
  for (const i of changed) {
    for (let dy = -canvasSide; dy <= canvasSide; dy += canvasSide) {
      for (let dx = -1; dx <= 1; dx += 1) nets.add(design.copper.nets[i + dy + dx] ?? 0);
    }
  }
  nets.delete(0);
  return nets.size === 2;
}

function reachesOldBoard(
  design: BoardDesign,
  bare: { partOf(i: number): number },
  i: number,
  window: PixelWindow,
): boolean {
  const part = bare.partOf(i);
  for (let y = window.yMin; y <= window.yMax; y += 1) {
    for (let x = window.xMin; x <= window.xMax; x += 1) {
      const at = y * canvasSide + x;
      if (design.copper.mask[at] === 0 && bare.partOf(at) === part) return true;
    }
  }
  return false;
}

function looseBox(
  extent: PixelWindow,
  shift: { readonly x: number; readonly y: number },
  random: Random,
): Detection['box'] | undefined {
  const low = (edge: number, move: number): number => edge - canvasMargin + move;
  const tight = {
    xMin: low(extent.xMin, shift.x),
    yMin: low(extent.yMin, shift.y),
    xMax: low(extent.xMax, shift.x) + 1,
    yMax: low(extent.yMax, shift.y) + 1,
  };
  if (tight.xMin < 3 || tight.yMin < 3 || tight.xMax > boardSide - 3 || tight.yMax > boardSide - 3) return undefined;
  const loose = (): number => looseness + random.integer(-1, 1);
  return {
    xMin: Math.max(0, tight.xMin - loose()),
    yMin: Math.max(0, tight.yMin - loose()),
    xMax: Math.min(boardSide, tight.xMax + loose()),
    yMax: Math.min(boardSide, tight.yMax + loose()),
  };
}

function overlap(a: Detection['box'], b: Detection['box']): boolean {
  return a.xMin < b.xMax && b.xMin < a.xMax && a.yMin < b.yMax && b.yMin < a.yMax;
}
