import type { WardState } from './ward-feed.js';

/** The gateway's journal clock as far as this station can know it: that of the last view, and what passed since on its own clock. */
export function journalNow({ view, receivedAtMs }: Pick<WardState, 'view' | 'receivedAtMs'>, nowMs: number): number {
  return view === null || receivedAtMs === null ? 0 : view.nowMs + Math.max(0, nowMs - receivedAtMs);
}
