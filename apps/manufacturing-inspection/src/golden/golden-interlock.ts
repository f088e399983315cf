import type { GoldenView } from '@edge-blueprints/contracts';

export type GoldenState = 'never' | 'due' | 'running' | 'passed' | 'failed';

export interface GoldenResult {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
  readonly ok: boolean;
}

/**
 * The golden-part interlock: known-good and known-bad parts must be judged rightly at the start and after every change of
 * a threshold or the model, before the line may run. A result that arrives after the next change does not count.
 */
export interface GoldenInterlock {
  state(): GoldenState;
  /** A change made the last result worthless. */
  makeDue(reason: string): void;
  /** The number of the run to hand to `finish`; undefined while one is running. */
  begin(): number | undefined;
  finish(run: number, results: readonly GoldenResult[]): void;
  /** The run could not be carried out. */
  abandon(run: number, reason: string): void;
  view(bypassed: boolean): GoldenView;
}

export function createGoldenInterlock(options: { readonly nowIso: () => string }): GoldenInterlock {
  let state: GoldenState = 'never';
  let detail = 'The golden parts have not been checked since the start';
  let at: string | null = null;
  let results: readonly GoldenResult[] = [];
  let run = 0;
  let changedDuringRun: string | undefined;

  const settle = (number: number, next: 'passed' | 'failed', text: string, outcome: readonly GoldenResult[]): void => {
    if (state !== 'running' || number !== run) return;
    at = options.nowIso();
    results = outcome;
    if (changedDuringRun === undefined) [state, detail] = [next, text];
    else [state, detail] = ['due', changedDuringRun];
  };

  return {
    state: () => state,
    makeDue: (reason) => {
      if (state === 'running') changedDuringRun = reason;
      else [state, detail] = ['due', reason];
    },
    begin: () => {
      if (state === 'running') return undefined;
      state = 'running';
      detail = 'Checking the golden parts';
      changedDuringRun = undefined;
      return (run += 1);
    },
    finish: (number, outcome) => {
      const wrong = outcome.filter(({ ok }) => !ok);
      if (outcome.length === 0) settle(number, 'failed', 'The golden set is empty', outcome);
      else if (wrong.length === 0)
        settle(number, 'passed', `All ${outcome.length} golden parts were judged rightly`, outcome);
      else {
        const named = wrong.map(({ name, expected, got }) => `${name}: expected ${expected}, got ${got}`).join('; ');
        settle(
          number,
          'failed',
          `${wrong.length} of ${outcome.length} golden parts were judged wrongly: ${named}`,
          outcome,
        );
      }
    },
    abandon: (number, reason) => settle(number, 'failed', reason, []),
    view: (bypassed) => ({ state: bypassed && state !== 'passed' ? 'bypassed' : state, at, detail, results }),
  };
}
