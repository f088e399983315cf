import { cropped, extentOf, grown, type BinaryMask } from './binary-mask.js';
import { labelComponents } from './mask-components.js';

export type Difference = 'extra' | 'missing';

/** How far a difference reaches for what it touches: the tolerance and the opening took about this from its rim, px. */
const reachPx = 3;
/** Surroundings in which traces count as separate, px. */
const surroundingsPx = 8;
// Classes in the order of `deepPcbLabels`, by how many separate pieces a difference touches: none, one, several.
const classes = {
  extra: [
    { label: 'copper', classIndex: 4 },
    { label: 'spur', classIndex: 3 },
    { label: 'short', classIndex: 1 },
  ],
  missing: [
    { label: 'pin-hole', classIndex: 5 },
    { label: 'mousebite', classIndex: 2 },
    { label: 'open', classIndex: 0 },
  ],
} as const;

/**
 * The class of a difference from topology alone. Extra copper that joins two pieces of copper is a short, on one a spur,
 * alone spurious copper; missing copper that joins two pieces of laminate is an open, on one a mousebite, alone a
 * pin-hole.
 * @param difference the pixels of one difference
 * @param golden copper of the template, same size
 */
export function classOfDifference(
  kind: Difference,
  difference: BinaryMask,
  golden: BinaryMask,
): { readonly label: string; readonly classIndex: number } {
  const pieces = touchedPieces(difference, kind === 'extra' ? golden : inverted(golden));
  return classes[kind][Math.min(pieces, 2)] ?? classes[kind][2];
}

/** How many pieces of `touched`, separate within the surroundings of the difference, lie within its reach. */
function touchedPieces(difference: BinaryMask, touched: BinaryMask): number {
  const { width, height } = difference;
  const { xMin, yMin, xMax, yMax } = extentOf(difference);
  const left = Math.max(xMin - surroundingsPx, 0);
  const top = Math.max(yMin - surroundingsPx, 0);
  const right = Math.min(xMax + surroundingsPx, width);
  const bottom = Math.min(yMax + surroundingsPx, height);
  if (right <= left || bottom <= top) return 0;
  const crop = (mask: BinaryMask): BinaryMask => cropped(mask, left, top, right - left, bottom - top);
  const reach = grown(crop(difference), reachPx);
  const pieces = labelComponents(crop(touched));
  const met = new Set<number>();
  reach.bits.forEach((bit, i) => {
    const label = pieces.labels[i] ?? 0;
    if (bit === 1 && label > 0) met.add(label);
  });
  return met.size;
}

function inverted(mask: BinaryMask): BinaryMask {
  return { ...mask, bits: mask.bits.map((bit) => 1 - bit) };
}
