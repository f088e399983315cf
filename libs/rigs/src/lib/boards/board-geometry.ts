/** Side of a rendered picture, pixels; about 48 px/mm in the manner of the DeepPCB scans. */
export const boardSide = 640;

/** Artwork beyond each edge of the picture, so that a board that lies off by a few pixels shows real copper there. */
export const canvasMargin = 8;

export const canvasSide = boardSide + 2 * canvasMargin;

/** Order of the DeepPCB label files: type = index + 1. */
export const defectLabels = ['open', 'short', 'mousebite', 'spur', 'copper', 'pin-hole'] as const;
export type DefectLabel = (typeof defectLabels)[number];
