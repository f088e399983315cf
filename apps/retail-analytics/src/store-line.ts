import type { CameraSight, Detection, Frame, InferenceResult, Tensors } from '@edge-blueprints/contracts';
import type { BoxMapping } from '@edge-blueprints/vision';

export interface PreparedInput {
  readonly inputs: Tensors;
  /** How boxes come back from the model's input to the frame. */
  readonly mapping: BoxMapping;
}

/** Durations of one frame, ms. No count of people: a number about one moment belongs to nobody's log. */
export interface FrameTimings {
  readonly camera: string;
  /** From the end of exposure to the camera's turn. */
  readonly waitMs: number;
  readonly preprocessMs: number;
  readonly inferMs: number;
  readonly runMs: number;
  readonly postprocessMs: number;
  readonly decideMs: number;
  readonly actMs: number;
  /** From the end of exposure until the people of the frame were counted. */
  readonly captureToActMs: number;
}

/** The verbs of one camera. What throws costs this frame, counted by its cause, and nothing else. */
export interface StoreLine {
  readonly camera: string;
  /** Frames older than this are worthless, ms. */
  readonly maxAgeMs: number;
  readonly nowMs: () => number;
  /** The newest frame at each turn of this camera; valid until the next is asked for. */
  frames(stop: AbortSignal): AsyncIterable<Frame>;
  preprocess(frame: Frame): PreparedInput;
  /** @param deadlineMs monotonic */
  infer(input: PreparedInput, deadlineMs: number): Promise<InferenceResult>;
  /** People in pixels of the frame; a promise where a second model looks at each of them. */
  postprocess(
    result: InferenceResult,
    mapping: BoxMapping,
    frame: Frame,
  ): readonly Detection[] | Promise<readonly Detection[]>;
  /** Who stands where: tracks, then metres on the floor. Undefined while the camera has no calibration. */
  decide(people: readonly Detection[], frame: Frame): CameraSight | undefined;
  /** Counts them in. */
  act(sight: CameraSight): void;
  /** The frame's times; nothing that it showed. */
  record(timings: FrameTimings): void;
  /** A frame that was let go. Never throws. */
  dropped(error: unknown): void;
}
