import type { StationView } from '@edge-blueprints/contracts';

export interface Budget {
  readonly slowestMs: number;
  readonly leftMs: number;
  /** Of the time between capture and ejector, 0 to 1. */
  readonly usedShare: number;
}

/** What the slowest of the recent parts used of the time to the ejector, and what was left; null without parts. */
export function budgetOf(view: Pick<StationView, 'recent' | 'captureToActBudgetMs'>): Budget | null {
  if (view.recent.length === 0) return null;
  const slowestMs = Math.max(...view.recent.map((part) => part.captureToActMs));
  const leftMs = view.captureToActBudgetMs;
  const wholeMs = slowestMs + Math.max(0, leftMs);
  return { slowestMs, leftMs, usedShare: wholeMs > 0 ? slowestMs / wholeMs : 1 };
}
