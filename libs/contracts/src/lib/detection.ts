/** Pixels of the frame, origin top left, max edges exclusive. */
export interface Box {
  readonly xMin: number;
  readonly yMin: number;
  readonly xMax: number;
  readonly yMax: number;
}

/** A named point of a body, pixels of the frame. */
export interface Keypoint {
  readonly x: number;
  readonly y: number;
  /** 0 to 1. */
  readonly score: number;
}

export interface Detection {
  readonly label: string;
  /** Index into the labels of the bundle. */
  readonly classIndex: number;
  /** 0 to 1. */
  readonly score: number;
  readonly box: Box;
  /** In the order of the bundle's `keypoints`; absent where the model has none. */
  readonly keypoints?: readonly Keypoint[];
}
