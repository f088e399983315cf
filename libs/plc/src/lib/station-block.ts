import type { PartVerdict, StationCondition } from '@edge-blueprints/contracts';
import { stationErrorCode, statusBit } from './register-map.js';
import type { GoldenState } from './register-map.js';
import type { ResultPhase } from './result-phase.js';
import type { Readiness } from './station-readiness.js';
import type { StatusBlock } from './status-block.js';

export interface StationSnapshot {
  readonly condition: StationCondition;
  readonly readiness: Readiness;
  readonly results: Pick<ResultPhase, 'current' | 'valid' | 'resultSeq' | 'depth'>;
  readonly acknowledging: boolean;
  readonly busy: boolean;
  readonly bypassed: boolean;
  readonly simulated: boolean;
  readonly latched: { readonly missed: boolean; readonly overrun: boolean; readonly error: boolean };
  readonly heartbeat: number;
  readonly totals: { readonly inspected: number; readonly rejected: number; readonly missed: number };
  readonly epochMs: number;
}

/** A verdict without a picture: the part was missed, timed out or overran. Never a pass. */
export function errorVerdict(partSeq: number, encoder: number, reasonCode: number): PartVerdict {
  return {
    partSeq,
    verdict: 'error',
    reasonCode,
    defectClassMask: 0,
    defectCount: 0,
    topScore: 0,
    latencyMs: 0,
    inferenceMs: 0,
    encoder,
    modelHash16: 0,
  };
}

/** The status block of this moment. Result words keep the last result after its acknowledgement, with RESULT_VALID = 0. */
export function composeStatusBlock(snapshot: StationSnapshot): StatusBlock {
  const { results, condition, totals } = snapshot;
  const verdict = results.current()?.verdict;
  return {
    statusBits: statusBitsOf(snapshot),
    heartbeat: snapshot.heartbeat,
    resultSeq: results.resultSeq(),
    partSeq: verdict?.partSeq ?? 0,
    verdict: verdict?.verdict ?? null,
    reasonCode: verdict?.reasonCode ?? 0,
    defectClassMask: verdict?.defectClassMask ?? 0,
    defectCount: verdict?.defectCount ?? 0,
    topScore: verdict?.topScore ?? 0,
    latencyMs: verdict?.latencyMs ?? 0,
    inferenceMs: verdict?.inferenceMs ?? 0,
    encoder: verdict?.encoder ?? 0,
    recipeActive: condition.activeRecipeId,
    modelHash16: verdict?.modelHash16 ?? 0,
    queueDepth: results.depth(),
    errorCode: stationErrorCode[snapshot.readiness.error],
    inspected: totals.inspected,
    rejected: totals.rejected,
    missedTriggers: totals.missed,
    epochMs: snapshot.epochMs,
    goldenState: goldenStateOf(snapshot),
  };
}

function statusBitsOf({ condition, readiness, latched, ...now }: StationSnapshot): number {
  const bits: readonly (readonly [keyof typeof statusBit, boolean])[] = [
    ['ONLINE', readiness.online],
    ['TRIGGER_READY', readiness.ready && !now.acknowledging],
    ['TRIGGER_ACK', now.acknowledging],
    ['BUSY', now.busy],
    ['RESULT_VALID', now.results.valid()],
    ['RESULT_OVERRUN', latched.overrun],
    ['MISSED_TRIGGER', latched.missed],
    ['ERROR', latched.error],
    ['GOLDEN_DUE', condition.goldenDue],
    ['GOLDEN_FAILED', condition.goldenFailed],
    ['DEGRADED', condition.degraded],
    ['LIGHT_FAULT', condition.lightFault],
    ['STORE_FULL', condition.storeFull],
    ['SIMULATED', now.simulated],
    ['BYPASSED', now.bypassed],
    ['CLOCK_UNSYNC', condition.clockUnsynchronised],
  ];
  return bits.reduce((word, [name, set]) => (set ? word | statusBit[name] : word), 0);
}

function goldenStateOf({ condition, bypassed }: StationSnapshot): GoldenState {
  if (bypassed) return 'bypassed';
  if (condition.goldenFailed) return 'failed';
  return condition.goldenDue ? 'due' : 'passed';
}
