import type { Metrics } from './metrics-port.js';

/** Turns totals that only grow into increments of one counter. A total that shrank (a restart of its owner) starts anew. */
export function createDropCounter(metrics: Pick<Metrics, 'add'>): (totals: Readonly<Record<string, number>>) => void {
  const last = new Map<string, number>();
  return (totals) => {
    for (const [cause, total] of Object.entries(totals)) {
      const before = last.get(cause) ?? 0;
      const increment = total >= before ? total - before : total;
      if (increment > 0) metrics.add('edge.drops', increment, { cause });
      last.set(cause, total);
    }
  };
}
