import type { StorePlan } from '@edge-blueprints/contracts';

const mostSteps = 100;

/** A draft with the way back. `saved` is the revision that it is an edit of. */
export interface PlanHistory {
  readonly saved: StorePlan;
  readonly past: readonly StorePlan[];
  readonly draft: StorePlan;
  readonly future: readonly StorePlan[];
  /** Changes in a row with the same tag are one step: a drag, a key that is held down. */
  readonly tag: string | null;
}

export function openHistory(saved: StorePlan): PlanHistory {
  return { saved, past: [], draft: saved, future: [], tag: null };
}

export function changed(history: PlanHistory, draft: StorePlan, tag: string | null = null): PlanHistory {
  if (draft === history.draft) return history;
  const goesOn = tag !== null && tag === history.tag;
  const past = goesOn ? history.past : [...history.past, history.draft].slice(-mostSteps);
  return { saved: history.saved, past, draft, future: [], tag };
}

export function undone(history: PlanHistory): PlanHistory {
  const draft = history.past.at(-1);
  if (draft === undefined) return history;
  return { ...history, past: history.past.slice(0, -1), draft, future: [history.draft, ...history.future], tag: null };
}

export function redone(history: PlanHistory): PlanHistory {
  const [draft, ...future] = history.future;
  if (draft === undefined) return history;
  return { ...history, past: [...history.past, history.draft], draft, future, tag: null };
}
