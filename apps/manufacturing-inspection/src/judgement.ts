import type {
  Decision,
  Frame,
  PartRecord,
  PartTrigger,
  RecordedDetection,
  Tensors,
  VerdictKind,
  VerdictOutcome,
} from '@edge-blueprints/contracts';

/** Durations of the stages up to the decision, ms. A stage that was not reached counts 0. */
export interface StageTimings {
  readonly preprocessMs: number;
  readonly inferMs: number;
  readonly runMs: number;
  readonly postprocessMs: number;
  readonly decideMs: number;
}

/** What the station thinks of one picture, with everything needed to explain it later. */
export interface Judgement {
  readonly decision: Decision;
  /** Every detection above the score floor, counted or not. */
  readonly detections: readonly RecordedDetection[];
  readonly model: PartRecord['model'];
  readonly thresholdsDigest: string;
  readonly timings: StageTimings;
  /** What the model answered, for whatever looks at it after the act; undefined when nothing ran. */
  readonly outputs: Tensors | undefined;
}

/** What was told to the PLC about a part and what became of it. */
export interface Act {
  /** The PLC's announcement of the part; undefined for a frame that no trigger belongs to. */
  readonly trigger: PartTrigger | undefined;
  /** The decision that stood when the verdict was sent: late or mismatched parts have become an abstain. */
  readonly decision: Decision;
  readonly verdict: VerdictKind;
  /** `pass`, a sentence about the defects, or the code of the fault. */
  readonly reason: string;
  readonly reasonCode: number;
  readonly outcome: VerdictOutcome;
  /** From the decision to the outcome, ms: waiting for the trigger included. */
  readonly actMs: number;
  /** Monotonic time of the outcome. */
  readonly atMs: number;
}

/** One part at the end of the data path. `frame` is undefined when the camera gave none for a trigger. */
export interface InspectedPart {
  readonly frame: Frame | undefined;
  readonly judgement: Judgement;
  readonly act: Act;
}
