import type { Detection } from '@edge-blueprints/contracts';
import { createRandom } from '@edge-blueprints/contracts';
import type { BoardDesign } from './board-design.js';
import { cropToPicture } from './board-design.js';
import type { DefectLabel } from './board-geometry.js';
import { boardSide, defectLabels } from './board-geometry.js';
import type { Lighting } from './camera-look.js';
import { photograph } from './camera-look.js';
import { jitterEdges } from './edge-jitter.js';
import { plantDefect } from './plant-defect.js';

export interface BoardOptions {
  readonly seed: number;
  /** Classes to plant, in order; without it `defectRate` decides whether there are any and the seed which. */
  readonly defects?: readonly DefectLabel[];
  /** Share of boards that have defects, 0 to 1; default 0. */
  readonly defectRate?: number;
  /** Largest displacement against the template along each axis, whole pixels, at most 8; default 0. */
  readonly misregistration?: number;
  /** Sensor noise, standard deviation in grey levels. Above 0 the picture is grey instead of binarised; default 0. */
  readonly noise?: number;
  /** Illumination of a grey picture; without it and without noise the picture is a crisp binarised scan. */
  readonly lighting?: Lighting;
}

export interface RenderedBoard {
  /** 640x640 gray8, top row first. */
  readonly pixels: Uint8Array;
  /** What is wrong with the board; boxes lie about 10 px outside the differing pixels, as DeepPCB annotates. */
  readonly truth: readonly Detection[];
}

/**
 * One board of a product. Deterministic in design and options. A class that the artwork has no room for (an open on a
 * board without traces) is left out, so `truth` is what counts.
 */
export function renderBoard(design: BoardDesign, options: BoardOptions): RenderedBoard {
  const random = createRandom(options.seed).fork(`board-${String(design.seed)}`);
  const reach = Math.min(8, options.misregistration ?? 0);
  const shift = { x: random.integer(-reach, reach), y: random.integer(-reach, reach) };
  const mask = design.copper.mask.slice();
  jitterEdges(
    mask,
    design.copper,
    { eroded: 0.05 + random.next() * 0.16, filled: 0.05 + random.next() * 0.16 },
    random,
  );

  const wanted =
    options.defects ??
    (random.next() < (options.defectRate ?? 0) ? chooseDefects(random.integer(1, 4), random.next) : []);
  const truth: Detection[] = [];
  for (const label of wanted) {
    const planted = plantDefect(design, mask, label, shift, truth, random);
    if (planted) truth.push(planted);
  }
  const pixels = cropToPicture(mask, shift);
  const grey = (options.noise ?? 0) > 0 || options.lighting !== undefined;
  return {
    pixels: grey ? photograph(pixels, boardSide, { noise: options.noise ?? 0, ...options.lighting }, random) : pixels,
    truth,
  };
}

/** The golden template as the same camera would take it: soft and lit, without noise because it is an average. */
export function photographTemplate(design: BoardDesign, lighting: Lighting): Uint8Array {
  return photograph(design.template, boardSide, { noise: 0, ...lighting }, createRandom(design.seed));
}

function chooseDefects(count: number, next: () => number): DefectLabel[] {
  return Array.from({ length: count }, () => defectLabels[Math.floor(next() * defectLabels.length)] ?? 'open');
}
