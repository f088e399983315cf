import type { PartSummary } from '@edge-blueprints/contracts';
import { oldestFirst } from './strip-ring.js';

/** The parts before and after one part, among those that the page knows. */
export function neighbours(
  recent: readonly PartSummary[],
  resultId: string,
): { readonly older: string | null; readonly newer: string | null } {
  const parts = oldestFirst(recent);
  const index = parts.findIndex((part) => part.resultId === resultId);
  if (index === -1) return { older: null, newer: null };
  return { older: parts[index - 1]?.resultId ?? null, newer: parts[index + 1]?.resultId ?? null };
}
