import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import type { StorePlan } from '@edge-blueprints/contracts';
import { changed, openHistory, redone, undone } from './plan-history.js';
import type { PlanHistory } from './plan-history.js';

export interface PlanDraft {
  readonly history: PlanHistory;
  edit(draft: StorePlan, tag?: string): void;
  undo(): void;
  redo(): void;
  /** Drops the draft; the next one begins with this plan. */
  restart(saved: StorePlan): void;
}

interface Held {
  readonly history: PlanHistory | null;
  hold(history: PlanHistory): void;
}

const DraftContext = createContext<Held | null>(null);

/** Keeps the draft while other pages are looked at. */
export function PlanDraftProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const [history, hold] = useState<PlanHistory | null>(null);
  const isDirty = history !== null && history.draft !== history.saved;
  useEffect(() => {
    if (!isDirty) return undefined;
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [isDirty]);
  const held = useMemo(() => ({ history, hold }), [history]);
  return <DraftContext.Provider value={held}>{children}</DraftContext.Provider>;
}

/** The draft of the page; as long as nothing is changed it follows the plan in force. */
export function usePlanDraft(inForce: StorePlan): PlanDraft {
  const held = useContext(DraftContext);
  if (held === null) throw new TypeError('DraftContext is empty: wrap the page in PlanDraftProvider');
  const { history: kept, hold } = held;
  const isOld = kept !== null && kept.draft === kept.saved && kept.saved.revision < inForce.revision;
  const history = kept === null || isOld ? openHistory(inForce) : kept;
  return {
    history,
    edit: (draft, tag) => hold(changed(history, draft, tag)),
    undo: () => hold(undone(history)),
    redo: () => hold(redone(history)),
    restart: (saved) => hold(openHistory(saved)),
  };
}
