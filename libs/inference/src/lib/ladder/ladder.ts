import { parseConfig, UsageError } from '@edge-blueprints/contracts';
import type { LadderPolicy, LadderPolicyInput } from './ladder-policy.js';
import { ladderPolicySchema } from './ladder-policy.js';

/** One step of the fallback ladder, the best first. A `safe` rung runs nothing and can only be the last. */
export interface LadderRung {
  readonly id: string;
  readonly kind: 'run' | 'safe';
  /** Expected time of a run relative to the other rungs; lets the ladder foresee what the rung above would take. */
  readonly relativeCost?: number;
}

/** What became of one call. `ms` is what the budget is about; a missed deadline is late whatever it took. */
export type LadderObservation =
  | { readonly kind: 'result'; readonly atMs: number; readonly ms: number }
  | { readonly kind: 'late'; readonly atMs: number }
  | { readonly kind: 'error'; readonly atMs: number; readonly code: string };

export interface LadderChange {
  readonly atMs: number;
  readonly direction: 'down' | 'up' | 'reset';
  readonly from: number;
  readonly to: number;
  /** Rung id. */
  readonly rung: string;
  readonly reason: string;
}

/** Decides which rung runs. No clock and no I/O: time comes with the observations. */
export interface Ladder {
  level(): number;
  rung(): LadderRung;
  /** @returns the move that this observation led to, if any */
  observe(observation: LadderObservation): LadderChange | undefined;
  /** The only way out of the safe state: an operator's decision. Back to the best rung, judged afresh. */
  reset(atMs: number): LadderChange | undefined;
}

/** One result in a hundred may miss the margin on the way up, as a p99 would allow. */
const missesAllowed = (results: number): number => 1 + results / 100;

/**
 * Guarantees, for any observations: two moves are at least `settleMs` apart; a move up comes at least `holdUpMs` after
 * the move before it; each move is one rung; the safe state is left by `reset` only.
 * @throws ConfigError `config.invalid`, UsageError `infer.ladder-invalid`
 */
export function createLadder(rungs: readonly LadderRung[], policyInput: LadderPolicyInput): Ladder {
  const policy: LadderPolicy = parseConfig(ladderPolicySchema, policyInput, 'the fallback ladder');
  const [best] = rungs;
  if (best === undefined || rungs.slice(0, -1).some((rung) => rung.kind === 'safe')) {
    throw new UsageError('infer.ladder-invalid', 'A ladder needs at least one rung, and a safe rung only at its end.');
  }
  let level = 0;
  let nowMs = -Infinity;
  let changedMs = -Infinity;
  let recent: LadderObservation['kind'][] = [];
  let lastErrorCode = '';
  let hold = { sinceMs: -Infinity, results: 0, misses: 0 };
  /** Per rung: how long it must look good before it is tried (again). */
  const holdUpMs = rungs.map(() => policy.holdUpMs);
  let climbedMs: number | undefined;

  const current = (): LadderRung => rungs[level] ?? best;

  const move = (to: number, direction: LadderChange['direction'], reason: string): LadderChange => {
    const change = { atMs: nowMs, direction, from: level, to, rung: rungs[to]?.id ?? best.id, reason };
    level = to;
    changedMs = nowMs;
    climbedMs = direction === 'up' ? nowMs : undefined;
    recent = [];
    hold = { sinceMs: nowMs, results: 0, misses: 0 };
    return change;
  };

  const moveDown = (reason: string): LadderChange | undefined => {
    if (level + 1 >= rungs.length) return undefined;
    const couldNotStay = climbedMs !== undefined && nowMs - climbedMs < policy.holdUpMs;
    const longer = couldNotStay
      ? Math.min((holdUpMs[level] ?? policy.holdUpMs) * 2, policy.maxHoldUpMs)
      : policy.holdUpMs;
    holdUpMs[level] = Math.max(longer, policy.holdUpMs);
    return move(level + 1, 'down', reason);
  };

  const judgeDown = (): LadderChange | undefined => {
    const errors = recent.filter((kind) => kind === 'error').length;
    if (errors >= policy.errorsDown) {
      return moveDown(`${errors} of the last ${recent.length} runs failed (${lastErrorCode})`);
    }
    const late = recent.filter((kind) => kind === 'late').length;
    if (late < policy.lateDown) return undefined;
    return moveDown(`${late} of the last ${recent.length} results were over the budget of ${policy.budgetMs} ms`);
  };

  const judgeUp = (observation: LadderObservation): LadderChange | undefined => {
    if (level === 0) return undefined;
    const above = rungs[level - 1]?.relativeCost;
    const here = current().relativeCost;
    const ratio = above === undefined || here === undefined ? 1 : above / here;
    const good = observation.kind === 'result' && observation.ms * ratio <= policy.upMargin * policy.budgetMs;
    hold.results += 1;
    if (!good) hold.misses += 1;
    if (observation.kind === 'error' || hold.misses > missesAllowed(hold.results)) {
      hold = { sinceMs: nowMs, results: 0, misses: 0 };
      return undefined;
    }
    const heldMs = nowMs - hold.sinceMs;
    const wantedMs = holdUpMs[level - 1] ?? policy.holdUpMs;
    if (!good || heldMs < wantedMs || hold.results - hold.misses < policy.resultsUp) return undefined;
    const margin = `${policy.upMargin * 100} % of the budget of ${policy.budgetMs} ms`;
    return move(level - 1, 'up', `${hold.results} results in ${Math.round(heldMs)} ms leave room below ${margin}`);
  };

  return {
    level: () => level,
    rung: current,
    observe: (observation) => {
      nowMs = Math.max(nowMs, observation.atMs);
      if (current().kind === 'safe' || nowMs - changedMs < policy.settleMs) return undefined;
      const overBudget = observation.kind === 'result' && observation.ms > policy.budgetMs;
      recent.push(overBudget ? 'late' : observation.kind);
      if (recent.length > policy.window) recent.shift();
      if (observation.kind === 'error') lastErrorCode = observation.code;
      return judgeDown() ?? judgeUp(observation);
    },
    reset: (atMs) => {
      nowMs = Math.max(nowMs, atMs);
      holdUpMs.fill(policy.holdUpMs);
      return level === 0 ? undefined : move(0, 'reset', 'reset by an operator');
    },
  };
}
