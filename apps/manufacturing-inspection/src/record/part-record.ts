import type { PartRecord, RecordedDetection } from '@edge-blueprints/contracts';
import type { InspectedPart } from '../judgement.js';

export interface RecordContext {
  readonly station: string;
  readonly simulated: boolean;
  readonly clockSynchronised: boolean;
  readonly epochMs: () => number;
}

/** The record of a part before its pictures are stored: plain data, so that it can be made on the way without any wait. */
export function partRecord(part: InspectedPart, resultId: string, context: RecordContext): PartRecord {
  const { frame, judgement, act } = part;
  const capturedAtMs = frame?.capturedAtMs ?? act.trigger?.triggeredAtMs ?? act.atMs;
  return {
    resultId,
    station: context.station,
    partSeq: act.trigger?.partSeq ?? 0,
    partId: act.trigger?.partId ?? frame?.trigger?.partId ?? '',
    productId: frame?.trigger?.productId ?? '',
    recipeId: act.trigger?.recipeId ?? 0,
    encoder: act.trigger?.encoder ?? frame?.trigger?.encoder ?? 0,
    capturedAt: new Date(frame?.epochMs ?? context.epochMs()).toISOString(),
    clockSynchronised: context.clockSynchronised,
    simulated: context.simulated,
    verdict: act.verdict,
    reason: act.reason,
    reasonCode: act.reasonCode,
    detections: worthRecording(judgement.detections),
    model: judgement.model,
    thresholdsDigest: judgement.thresholdsDigest,
    timings: {
      transportMs: frame === undefined ? 0 : Math.max(0, frame.receivedAtMs - frame.capturedAtMs),
      ...judgement.timings,
      actMs: act.actMs,
      captureToActMs: Math.max(0, act.atMs - capturedAtMs),
    },
    outcome: { kind: act.outcome.kind, code: 'code' in act.outcome ? act.outcome.code : '' },
    images: [],
  };
}

/** Weak detections kept beside those that counted: they tell what another threshold would have done. */
const maxWeak = 32;

/** All that counted and the best of the rest; the list comes best first and stays so. */
function worthRecording(detections: readonly RecordedDetection[]): RecordedDetection[] {
  let weak = 0;
  return detections.filter(({ counted }) => counted || (weak += 1) <= maxWeak);
}
