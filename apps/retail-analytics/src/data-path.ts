import type { Frame } from '@edge-blueprints/contracts';
import type { FrameTimings, StoreLine } from './store-line.js';

/**
 * frame -> preprocess -> infer -> postprocess -> decide -> act -> record, for one camera, one frame after the other. The
 * cameras of a store run this side by side and share one engine; `line.frames` gives each its turn.
 */
export async function runDataPath(line: StoreLine, stop: AbortSignal): Promise<void> {
  for await (const frame of line.frames(stop)) {
    try {
      line.record(await see(frame, line));
    } catch (error) {
      line.dropped(error);
    }
  }
}

/** One frame until its people are counted. After that nothing of it is left but their places on the floor. */
export async function see(frame: Frame, line: StoreLine): Promise<FrameTimings> {
  const startedMs = line.nowMs();
  const prepared = line.preprocess(frame);
  const preparedMs = line.nowMs();
  const result = await line.infer(prepared, frame.capturedAtMs + line.maxAgeMs);
  const inferredMs = line.nowMs();
  const found = line.postprocess(result, prepared.mapping, frame);
  const people = found instanceof Promise ? await found : found;
  const foundMs = line.nowMs();
  const sight = line.decide(people, frame);
  const decidedMs = line.nowMs();
  if (sight !== undefined) line.act(sight);
  const actedMs = line.nowMs();
  return {
    camera: line.camera,
    waitMs: startedMs - frame.capturedAtMs,
    preprocessMs: preparedMs - startedMs,
    inferMs: inferredMs - preparedMs,
    runMs: result.timings.runMs,
    postprocessMs: foundMs - inferredMs,
    decideMs: decidedMs - foundMs,
    actMs: actedMs - decidedMs,
    captureToActMs: actedMs - frame.capturedAtMs,
  };
}
