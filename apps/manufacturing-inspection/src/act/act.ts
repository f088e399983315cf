import { errorCode } from '@edge-blueprints/contracts';
import type { Decision, Frame, PartTrigger, PartVerdict, PlcLink, VerdictOutcome } from '@edge-blueprints/contracts';
import type { Act, Judgement } from '../judgement.js';
import { verdictOf } from './verdict-of.js';
import type { OnAbstain } from './verdict-of.js';

export interface ActOptions {
  readonly plc: Pick<PlcLink, 'publish'>;
  readonly nowMs: () => number;
  readonly onAbstain: OnAbstain;
  readonly recipeId: () => number;
  /** Changes with the model and with any threshold. */
  readonly modelHash16: (judgement: Judgement) => number;
  /** From capture to verdict, ms. */
  readonly partDeadlineMs: number;
  /** Why nothing may pass now (`golden.due`), undefined when parts may. */
  readonly interlock: () => string | undefined;
}

export interface Actor {
  act(frame: Frame, judgement: Judgement, trigger: Promise<PartTrigger | undefined>): Promise<Act>;
  /** The ERROR verdict of a part whose picture never came. */
  actWithoutFrame(trigger: PartTrigger): Promise<Act>;
}

const untracked = { kind: 'refused', code: 'join.no-trigger' } as const satisfies VerdictOutcome;

/** Turns decisions into verdicts of the PLC's parts. Its promises never reject. */
export function createActor(options: ActOptions): Actor {
  const { nowMs } = options;

  const publish = async (verdict: PartVerdict): Promise<VerdictOutcome> => {
    try {
      return await options.plc.publish(verdict);
    } catch (error) {
      return { kind: 'refused', code: errorCode(error) };
    }
  };
  const finished = (startMs: number, outcome: VerdictOutcome): Pick<Act, 'outcome' | 'actMs' | 'atMs'> => {
    const atMs = 'atMs' in outcome ? outcome.atMs : nowMs();
    return { outcome, atMs, actMs: Math.max(0, atMs - startMs) };
  };

  return {
    act: async (frame, judgement, announced) => {
      const startMs = nowMs();
      const trigger = await announced;
      if (trigger === undefined) {
        const decision: Decision = {
          kind: 'abstain',
          code: untracked.code,
          message: 'No trigger of the PLC belongs to this picture',
        };
        return { trigger, decision, ...verdictOf(decision, 'error'), ...finished(startMs, untracked) };
      }
      const decision = standing(judgement.decision, frame, trigger, options, nowMs());
      const worded = verdictOf(decision, options.onAbstain);
      const outcome = await publish({
        partSeq: trigger.partSeq,
        encoder: trigger.encoder,
        verdict: worded.verdict,
        reasonCode: worded.reasonCode,
        ...countsOf(decision),
        latencyMs: Math.max(0, nowMs() - trigger.triggeredAtMs),
        inferenceMs: judgement.timings.runMs,
        modelHash16: options.modelHash16(judgement),
      });
      return { trigger, decision, ...worded, ...finished(startMs, outcome) };
    },
    actWithoutFrame: async (trigger) => {
      const startMs = nowMs();
      const decision: Decision = { kind: 'abstain', code: 'frame.missing', message: 'No picture came for this part' };
      const worded = verdictOf(decision, 'error');
      const outcome = await publish({
        partSeq: trigger.partSeq,
        encoder: trigger.encoder,
        verdict: worded.verdict,
        reasonCode: worded.reasonCode,
        defectClassMask: 0,
        defectCount: 0,
        topScore: 0,
        latencyMs: Math.max(0, startMs - trigger.triggeredAtMs),
        inferenceMs: 0,
        modelHash16: 0,
      });
      return { trigger, decision, ...worded, ...finished(startMs, outcome) };
    },
  };
}

/** What still stands of a decision once it is known which part it is for, and when. */
function standing(decision: Decision, frame: Frame, trigger: PartTrigger, options: ActOptions, atMs: number): Decision {
  const abstain = (code: string, message: string): Decision => ({ kind: 'abstain', code, message });
  if (atMs - frame.capturedAtMs > options.partDeadlineMs) {
    return abstain('infer.deadline', 'The verdict came after the deadline of its part');
  }
  if (trigger.recipeId !== options.recipeId()) {
    return abstain('recipe.mismatch', `The PLC asks for recipe ${trigger.recipeId}, active is ${options.recipeId()}`);
  }
  const pictured = frame.trigger?.partId ?? '';
  if (pictured !== '' && trigger.partId !== '' && pictured !== trigger.partId) {
    return abstain('join.part-mismatch', `The camera saw ${pictured}, the PLC announced ${trigger.partId}`);
  }
  const interlock = decision.kind === 'pass' ? options.interlock() : undefined;
  return interlock === undefined ? decision : abstain(interlock, 'Nothing passes until the golden check has passed');
}

function countsOf(decision: Decision): Pick<PartVerdict, 'defectClassMask' | 'defectCount' | 'topScore'> {
  const defects = decision.kind === 'reject' ? decision.defects : [];
  return {
    defectClassMask: defects.reduce((mask, { classIndex }) => (classIndex < 16 ? mask | (1 << classIndex) : mask), 0),
    defectCount: defects.length,
    topScore: defects.reduce((top, { score }) => Math.max(top, score), 0),
  };
}
