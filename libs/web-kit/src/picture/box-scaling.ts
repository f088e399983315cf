import type { Box } from '@edge-blueprints/contracts';

/** Where a picture lies on its canvas: uniform scale, centred. All in CSS pixels. */
export interface Fit {
  readonly scale: number;
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

export function fitPicture(pictureWidth: number, pictureHeight: number, width: number, height: number): Fit {
  if (pictureWidth <= 0 || pictureHeight <= 0) return { scale: 0, left: 0, top: 0, width: 0, height: 0 };
  const scale = Math.min(width / pictureWidth, height / pictureHeight);
  const drawnWidth = pictureWidth * scale;
  const drawnHeight = pictureHeight * scale;
  return {
    scale,
    left: (width - drawnWidth) / 2,
    top: (height - drawnHeight) / 2,
    width: drawnWidth,
    height: drawnHeight,
  };
}

/** A box of the frame on the canvas; small defects are framed with a margin, so that the frame does not cover them. */
export function placeBox(box: Box, fit: Fit, marginPx: number): Rectangle {
  const left = Math.max(fit.left, fit.left + box.xMin * fit.scale - marginPx);
  const top = Math.max(fit.top, fit.top + box.yMin * fit.scale - marginPx);
  const right = Math.min(fit.left + fit.width, fit.left + box.xMax * fit.scale + marginPx);
  const bottom = Math.min(fit.top + fit.height, fit.top + box.yMax * fit.scale + marginPx);
  return { left, top, width: Math.max(0, right - left), height: Math.max(0, bottom - top) };
}

/** A label sits above its box; at the upper edge below it; and never leaves the picture sideways. */
export function placeLabel(box: Rectangle, width: number, height: number, fit: Fit): Rectangle {
  const above = box.top - height;
  const top = above >= fit.top ? above : Math.min(box.top + box.height, fit.top + fit.height - height);
  const left = Math.max(fit.left, Math.min(box.left, fit.left + fit.width - width));
  return { left, top, width, height };
}
