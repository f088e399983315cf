import { UsageError, type Detection } from '@edge-blueprints/contracts';
import { dilate, erode, maskOf, shifted, without, type BinaryMask } from './binary-mask.js';
import { labelComponents, type MaskComponent } from './mask-components.js';
import { checkPicture, type Picture } from './test-and-template.js';

export interface TemplateDifferenceOptions {
  /** Grey level between copper and laminate. */
  readonly level?: number;
  readonly copperIsDark?: boolean;
  /** Largest shift of the board against its template that is looked for, px. */
  readonly maxShiftPx?: number;
  /** Smaller differences are edge noise, px. */
  readonly minAreaPx?: number;
  /** What the labels of DeepPCB leave around a defect, px. */
  readonly padPx?: number;
}

/** How far a difference reaches for what it touches: the tolerance and the opening took about this from its rim, px. */
const reachPx = 3;
/** Surroundings in which traces count as separate, px. */
const surroundingsPx = 8;
// Classes in the order of `deepPcbLabels`, by how many separate pieces a difference touches: none, one, several.
const extraCopper = [
  { label: 'copper', classIndex: 4 },
  { label: 'spur', classIndex: 3 },
  { label: 'short', classIndex: 1 },
] as const;
const missingCopper = [
  { label: 'pin-hole', classIndex: 5 },
  { label: 'mousebite', classIndex: 2 },
  { label: 'open', classIndex: 0 },
] as const;

/**
 * The classical way, without a model: binarise, register by whole pixels, difference with one pixel tolerance, opening,
 * connected components. The class follows from topology: extra copper that joins two traces is a short, on one trace a
 * spur, alone spurious copper; missing copper that joins two areas of laminate is an open, on one a mousebite, alone a
 * pin-hole. A second opinion beside a network, and the baseline to beat. The score grows with the area only.
 */
export function templateDifference(
  test: Picture,
  template: Picture,
  options: TemplateDifferenceOptions = {},
): Detection[] {
  const { level = 128, copperIsDark = true, maxShiftPx = 4, minAreaPx = 20, padPx = 11 } = options;
  checkPicture(test, 'test');
  checkPicture(template, 'template');
  const { width, height } = test;
  if (
    template.width !== width ||
    template.height !== height ||
    test.format !== 'gray8' ||
    template.format !== 'gray8'
  ) {
    throw new UsageError(
      'vision.size',
      `Template difference needs two gray8 pictures of one size, got ${width}x${height} and ${template.width}x${template.height}.`,
    );
  }
  const board = maskOf(width, height, test.pixels, level, copperIsDark);
  const golden = registered(maskOf(width, height, template.pixels, level, copperIsDark), board, maxShiftPx);
  const laminate = without({ width, height, bits: new Uint8Array(width * height).fill(1) }, golden);
  const extra = without(board, dilate(golden));
  const missing = without(erode(golden), board);

  const detect = (
    difference: BinaryMask,
    touched: BinaryMask,
    classes: typeof extraCopper | typeof missingCopper,
  ): Detection[] => {
    const { labels, components } = labelComponents(dilate(erode(difference)));
    return components
      .filter((c) => c.area >= minAreaPx)
      .map((c) => {
        const pieces = touchedPieces(c, labels, touched);
        const { label, classIndex } = classes[Math.min(pieces, 2)] ?? classes[2];
        const box = {
          xMin: Math.max(c.xMin - padPx, 0),
          yMin: Math.max(c.yMin - padPx, 0),
          xMax: Math.min(c.xMax + padPx, width),
          yMax: Math.min(c.yMax + padPx, height),
        };
        return { label, classIndex, score: c.area / (c.area + 3 * minAreaPx), box };
      });
  };
  return [...detect(extra, golden, extraCopper), ...detect(missing, laminate, missingCopper)].sort(
    (a, b) => b.score - a.score,
  );
}

/** The template moved to where it differs least from the board; every third pixel of every third row is compared. */
function registered(golden: BinaryMask, board: BinaryMask, maxShiftPx: number): BinaryMask {
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
      // Of equal shifts the smaller one: a plain area fits everywhere.
      const nearer = Math.abs(dx) + Math.abs(dy) < Math.abs(best.dx) + Math.abs(best.dy);
      if (differences < best.differences || (differences === best.differences && nearer))
        best = { dx, dy, differences };
    }
  }
  return best.dx === 0 && best.dy === 0 ? golden : shifted(golden, best.dx, best.dy);
}

/** How many pieces of `touched`, separate within the surroundings of the component, lie within its reach. */
function touchedPieces(component: MaskComponent, labels: Int32Array, touched: BinaryMask): number {
  const { width } = touched;
  const left = Math.max(component.xMin - surroundingsPx, 0);
  const top = Math.max(component.yMin - surroundingsPx, 0);
  const right = Math.min(component.xMax + surroundingsPx, width);
  const bottom = Math.min(component.yMax + surroundingsPx, touched.height);
  const size = { width: right - left, height: bottom - top };
  const own = new Uint8Array(size.width * size.height);
  const there = new Uint8Array(size.width * size.height);
  for (let y = top; y < bottom; y += 1) {
    for (let x = left; x < right; x += 1) {
      const to = (y - top) * size.width + x - left;
      own[to] = labels[y * width + x] === component.label ? 1 : 0;
      there[to] = touched.bits[y * width + x] ?? 0;
    }
  }
  let reach: BinaryMask = { ...size, bits: own };
  for (let i = 0; i < reachPx; i += 1) reach = dilate(reach);
  const pieces = labelComponents({ ...size, bits: there });
  const met = new Set<number>();
  reach.bits.forEach((bit, i) => {
    const label = pieces.labels[i] ?? 0;
    if (bit === 1 && label > 0) met.add(label);
  });
  return met.size;
}
