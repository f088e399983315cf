import { errorCode, errorMessage } from '@edge-blueprints/contracts';
import type { Decision, Detection, Frame, InferenceResult, PartRecord, PartTrigger, RecordedDetection, Tensors } from '@edge-blueprints/contracts';
import type { BoxMapping } from '@edge-blueprints/vision';
import type { Act, InspectedPart, Judgement } from './judgement.js';
import { createStopwatch } from './station/stopwatch.js';
import type { Abstain } from './frame/frame-check.js';

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
  decide(detections: readonly Detection[]): { readonly decision: Decision; readonly detections: readonly RecordedDetection[] };
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

/**
 * frame -> preprocess -> infer -> postprocess -> decide -> act -> record. The whole station, one frame after the other; only
 * waiting for the PLC and recording overlap with the next frame. `docs/data-path.md` shows the exit of each verb.
 */
export async function runDataPath(line: Line, stop: AbortSignal): Promise<void> {
  for await (const frame of line.frames(stop)) {
    const trigger = line.triggerOf(frame);
    const judging = judge(frame, line);
    const kept = line.keep(frame); // the model is running meanwhile
    const judgement = await judging;
    void line.act(frame, judgement, trigger).then((act) => line.record({ frame: kept, judgement, act }));
  }
}

/** preprocess -> infer -> postprocess -> decide. Whatever goes wrong becomes an abstain; it never throws and never passes. */
export async function judge(frame: Frame, line: Judge): Promise<Judgement> {
  const watch = createStopwatch(line.nowMs);
  let model = line.modelAtRest();
  let runMs = 0;
  let detections: readonly RecordedDetection[] = [];
  let decision: Decision;
  try {
    const preparing = line.preprocess(frame);
    const prepared = preparing instanceof Promise ? await preparing : preparing;
    watch.lap('preprocessMs');
    const running = line.infer(prepared, frame.capturedAtMs + line.partDeadlineMs);
    const looking = (async () => line.checkFrame(frame))();
    const [result, fault] = await Promise.all([running, looking]);
    watch.lap('inferMs');
    model = { ...model, ...ranAs(result) };
    runMs = result.timings.runMs;
    const found = line.postprocess(result, prepared.mapping);
    watch.lap('postprocessMs');
    const decided = line.decide(found);
    detections = decided.detections;
    decision = fault ?? decided.decision;
  } catch (error) {
    decision = { kind: 'abstain', code: errorCode(error), message: errorMessage(error) };
  }
  watch.lap('decideMs');
  return { decision, detections, model, thresholdsDigest: line.thresholdsDigest(), timings: { ...watch.laps(), runMs } };
}

function ranAs(result: InferenceResult): Pick<PartRecord['model'], 'variant' | 'digest' | 'provider' | 'degradationLevel'> {
  return {
    variant: result.variant,
    digest: result.modelDigest,
    provider: result.provider,
    degradationLevel: result.degradation.level,
  };
}
