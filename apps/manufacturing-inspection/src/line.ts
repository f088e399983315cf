import type {
  Decision,
  Detection,
  Frame,
  InferenceResult,
  PartRecord,
  PartTrigger,
  RecordedDetection,
  Tensors,
} from '@edge-blueprints/contracts';
import type { BoxMapping } from '@edge-blueprints/vision';
import type { Abstain } from './frame/frame-check.js';
import type { Act, InspectedPart, Judgement } from './judgement.js';

export interface PreparedInput {
  readonly inputs: Tensors;
  /** How boxes come back from the model's input to the frame. */
  readonly mapping: BoxMapping;
}

/** The verbs of judging, also used by the golden check and by `evaluate`. Those that throw make the part an abstain. */
export interface Judge {
  readonly nowMs: () => number;
  /** A promise only where something must be read first, so that the usual part costs no turn of the event loop. */
  preprocess(frame: Frame): PreparedInput | Promise<PreparedInput>;
  /** @param deadlineMs monotonic */
  infer(input: PreparedInput, deadlineMs: number): Promise<InferenceResult>;
  /** Light, black, frozen: what makes a picture worthless whatever the model says. Runs while the model runs. */
  checkFrame(frame: Frame): Abstain | undefined;
  postprocess(result: InferenceResult, mapping: BoxMapping): readonly Detection[];
  decide(detections: readonly Detection[]): {
    readonly decision: Decision;
    readonly detections: readonly RecordedDetection[];
  };
  /** What is loaded, for parts for which nothing ran. */
  modelAtRest(): PartRecord['model'];
  thresholdsDigest(): string;
  /** From capture to verdict, ms. */
  readonly partDeadlineMs: number;
}

export interface Line extends Judge {
  frames(stop: AbortSignal): AsyncIterable<Frame>;
  /** The PLC's announcement of the part in this frame; settles while the picture is judged. Never rejects. */
  triggerOf(frame: Frame): Promise<PartTrigger | undefined>;
  /** Tells the PLC. Never rejects: every fault is an outcome, and the PLC rejects what it was not told to pass. */
  act(frame: Frame, judgement: Judgement, trigger: Promise<PartTrigger | undefined>): Promise<Act>;
  /** A copy that outlives the camera's buffer. */
  keep(frame: Frame): Frame;
  /** Hands over and returns at once; can neither slow down nor fail `act`. */
  record(part: InspectedPart): void;
}
