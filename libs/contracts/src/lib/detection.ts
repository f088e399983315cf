/** Pixels of the frame, origin top left, max edges exclusive. */
export interface Box {
  readonly xMin: number;
  readonly yMin: number;
  readonly xMax: number;
  readonly yMax: number;
}

export interface Detection {
  readonly label: string;
  /** Index into the labels of the bundle. */
  readonly classIndex: number;
  /** 0 to 1. */
  readonly score: number;
  readonly box: Box;
}
