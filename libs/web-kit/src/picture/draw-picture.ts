import type { PartRecord } from '@edge-blueprints/contracts';
import { formatScore } from '../format.js';
import { fitPicture, placeBox, placeLabel } from './box-scaling.js';
import type { Fit } from './box-scaling.js';
import { nearThreshold } from './near-threshold.js';

export interface Picture {
  readonly source: CanvasImageSource;
  readonly width: number;
  readonly height: number;
}

export interface Overlay {
  readonly detections: PartRecord['detections'];
  /** Index of the detection to point at, -1 for none. */
  readonly highlight: number;
  /** Off where text would cover what is compared. */
  readonly labels: boolean;
}

/** Evidence on a picture keeps its colours in both schemes: the picture does not change with the scheme either. */
const ink = { counted: '#ff5fbd', below: '#ffd479', text: '#1a0712', halo: 'rgba(0, 0, 0, 0.75)' } as const;
const labelHeight = 20;
const boxMargin = 4;
/** More labels than this hide the board; the boxes stay. */
const labelled = 12;

/** Draws on a canvas of `width` x `height` CSS pixels. */
export function drawPicture(
  context: CanvasRenderingContext2D,
  width: number,
  height: number,
  picture: Picture,
  overlay: Overlay | null,
): void {
  context.clearRect(0, 0, width, height);
  const fit = fitPicture(picture.width, picture.height, width, height);
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture.source, fit.left, fit.top, fit.width, fit.height);
  if (overlay === null) return;
  for (const [index, detection] of overlay.detections.entries()) {
    const highlight = index === overlay.highlight;
    if (highlight || nearThreshold(detection)) drawBox(context, fit, detection, highlight);
  }
  if (!overlay.labels) return;
  const counted = overlay.detections.filter((detection) => detection.counted);
  for (const detection of counted.slice(0, labelled)) drawLabel(context, fit, detection);
}

type Detection = PartRecord['detections'][number];

function drawBox(context: CanvasRenderingContext2D, fit: Fit, detection: Detection, highlight: boolean): void {
  const box = placeBox(detection.box, fit, boxMargin);
  context.setLineDash(detection.counted ? [] : [5, 4]);
  context.lineWidth = highlight ? 7 : 4.5;
  context.strokeStyle = ink.halo;
  context.strokeRect(box.left, box.top, box.width, box.height);
  context.lineWidth = highlight ? 4 : 2;
  context.strokeStyle = detection.counted ? ink.counted : ink.below;
  context.strokeRect(box.left, box.top, box.width, box.height);
  context.setLineDash([]);
}

function drawLabel(context: CanvasRenderingContext2D, fit: Fit, detection: Detection): void {
  const text = `${detection.label} ${formatScore(detection.score)}`;
  context.font = "600 13px 'Inter', 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif";
  const width = Math.ceil(context.measureText(text).width) + 10;
  const label = placeLabel(placeBox(detection.box, fit, boxMargin), width, labelHeight, fit);
  context.fillStyle = ink.counted;
  context.fillRect(label.left, label.top, label.width, label.height);
  context.fillStyle = ink.text;
  context.textBaseline = 'middle';
  context.fillText(text, label.left + 5, label.top + labelHeight / 2 + 1);
}
