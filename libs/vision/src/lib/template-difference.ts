import { UsageError, type Detection } from '@edge-blueprints/contracts';
import {
  areaOf,
  both,
  cropped,
  dilate,
  erode,
  extentOf,
  grown,
  maskOf,
  opened,
  without,
  type BinaryMask,
} from './binary-mask.js';
import { classOfDifference, type Difference } from './difference-class.js';
import { labelComponents, type MaskComponent } from './mask-components.js';
import { registered, registeredWindow } from './template-registration.js';
import { checkPicture, type Picture } from './test-and-template.js';

export interface TemplateDifferenceOptions {
  /** Grey level between copper and laminate. */
  readonly level?: number;
  readonly copperIsDark?: boolean;
  /** Largest shift of the board against its template that is looked for, px. */
  readonly maxShiftPx?: number;
  /** Largest shift of one place of the board against the rest of it, px. */
  readonly maxLocalShiftPx?: number;
  /** Smaller differences are edge noise, px. */
  readonly minAreaPx?: number;
  /** Differences of one kind that are no further apart are one defect, px. */
  readonly joinPx?: number;
  /** What the labels of DeepPCB leave around a defect, px. */
  readonly padPx?: number;
}

/** Room around a difference in which the template is registered again, px. */
const windowPx = 20;
/** How far the second look may find the difference from where the first one saw it, px. */
const strayPx = 2;

/**
 * The classical way, without a model: binarise, register by whole pixels, difference with one pixel tolerance, opening,
 * connected components; each of these is looked at again with the template registered to its own surroundings. The class
 * follows from topology. A second opinion beside a network, and the baseline to beat. The score grows with the area only.
 */
export function templateDifference(
  test: Picture,
  template: Picture,
  options: TemplateDifferenceOptions = {},
): Detection[] {
  const { level = 128, copperIsDark = true, maxShiftPx = 4, maxLocalShiftPx = 2 } = options;
  const { minAreaPx = 20, joinPx = 10, padPx = 10 } = options;
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

  const detect = (kind: Difference): Detection[] => {
    const first = differenceOf(kind, board, golden);
    const { labels, components } = labelComponents(grown(first, Math.ceil(joinPx / 2)));
    return components.flatMap((component) => {
      const at = windowAround(component, width, height);
      const seen = cropped(first, at.left, at.top, at.width, at.height);
      seen.bits.forEach((bit, i) => {
        const y = Math.floor(i / at.width);
        const label = labels[(at.top + y) * width + at.left + i - y * at.width];
        if (bit === 1 && label !== component.label) seen.bits[i] = 0;
      });
      if (areaOf(seen) < minAreaPx) return [];
      const window = registeredWindow(board, golden, at, maxLocalShiftPx);
      const again = both(differenceOf(kind, window.board, window.golden), grown(seen, strayPx));
      const area = areaOf(again);
      if (area < minAreaPx) return [];
      const { xMin, yMin, xMax, yMax } = extentOf(again);
      return [
        {
          ...classOfDifference(kind, again, window.golden),
          score: area / (area + 3 * minAreaPx),
          box: {
            xMin: Math.max(at.left + xMin - padPx, 0),
            yMin: Math.max(at.top + yMin - padPx, 0),
            xMax: Math.min(at.left + xMax + padPx, width),
            yMax: Math.min(at.top + yMax + padPx, height),
          },
        },
      ];
    });
  };
  return [...detect('extra'), ...detect('missing')].sort((a, b) => b.score - a.score);
}

/** Copper that is too much, or too little, by more than one pixel. */
function differenceOf(kind: Difference, board: BinaryMask, golden: BinaryMask): BinaryMask {
  return opened(kind === 'extra' ? without(board, dilate(golden)) : without(erode(golden), board));
}

function windowAround({ xMin, yMin, xMax, yMax }: MaskComponent, width: number, height: number) {
  const left = Math.max(xMin - windowPx, 0);
  const top = Math.max(yMin - windowPx, 0);
  return { left, top, width: Math.min(xMax + windowPx, width) - left, height: Math.min(yMax + windowPx, height) - top };
}
