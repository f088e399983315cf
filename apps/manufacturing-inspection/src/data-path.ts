import { errorCode, errorMessage } from '@edge-blueprints/contracts';
import type {
  Decision,
  Frame,
  InferenceResult,
  PartRecord,
  RecordedDetection,
  Tensors,
} from '@edge-blueprints/contracts';
import type { Judgement } from './judgement.js';
import type { Judge, Line } from './line.js';
import { createStopwatch } from './station/stopwatch.js';

/**
 * frame -> preprocess -> infer -> postprocess -> decide -> act -> record. The whole station, one frame after the other; only
 * waiting for the PLC and recording overlap with the next frame. `docs/data-path.md` shows the exit of each verb.
 */
export async function runDataPath(line: Line, stop: AbortSignal): Promise<void> {
  const acting = new Set<Promise<void>>();
  for await (const frame of line.frames(stop)) {
    const trigger = line.triggerOf(frame);
    const judging = judge(frame, line);
    const kept = line.keep(frame); // the model is running meanwhile
    const judgement = await judging;
    const acted = line.act(frame, judgement, trigger).then((act) => line.record({ frame: kept, judgement, act }));
    acting.add(acted);
    void acted.finally(() => acting.delete(acted));
  }
  await Promise.all(acting);
}

/** preprocess -> infer -> postprocess -> decide. Whatever goes wrong becomes an abstain; it never throws and never passes. */
export async function judge(frame: Frame, line: Judge): Promise<Judgement> {
  const watch = createStopwatch(line.nowMs);
  let model = line.modelAtRest();
  let runMs = 0;
  let detections: readonly RecordedDetection[] = [];
  let outputs: Tensors | undefined;
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
    outputs = result.outputs;
    const found = line.postprocess(result, prepared.mapping);
    watch.lap('postprocessMs');
    const decided = line.decide(found);
    detections = decided.detections;
    decision = fault ?? decided.decision;
  } catch (error) {
    decision = { kind: 'abstain', code: errorCode(error), message: errorMessage(error) };
  }
  watch.lap('decideMs');
  return {
    decision,
    detections,
    model,
    thresholdsDigest: line.thresholdsDigest(),
    timings: { ...watch.laps(), runMs },
    outputs,
  };
}

function ranAs(
  result: InferenceResult,
): Pick<PartRecord['model'], 'variant' | 'digest' | 'provider' | 'degradationLevel'> {
  return {
    variant: result.variant,
    digest: result.modelDigest,
    provider: result.provider,
    degradationLevel: result.degradation.level,
  };
}
