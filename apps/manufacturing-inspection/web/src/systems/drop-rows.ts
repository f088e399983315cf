import { strings } from '../strings.js';

export interface DropRow {
  readonly cause: string;
  readonly name: string;
  readonly count: number;
  /**
   * `loss`: evidence is gone, somebody must act. `handled`: the part was rejected for it and stands among the rejects.
   * `routine`: the store made room as it is told to.
   */
  readonly kind: 'loss' | 'handled' | 'routine';
}

const losses: ReadonlySet<string> = new Set(['record.queue-full', 'record.not-stored', 'store.rejectedFull']);
const routine: ReadonlySet<string> = new Set(['store.evictedBlobs', 'store.evictedRecords']);

export function dropRows(drops: Readonly<Record<string, number>>): readonly DropRow[] {
  const names: Readonly<Record<string, string>> = strings.drops.names;
  return Object.entries(drops).map(([cause, count]) => ({
    cause,
    name: names[cause] ?? cause,
    count,
    kind: losses.has(cause) ? 'loss' : routine.has(cause) ? 'routine' : 'handled',
  }));
}

/** Everything but the store making room. */
export function totalDrops(rows: readonly DropRow[]): number {
  return rows.reduce((sum, row) => sum + (row.kind === 'routine' ? 0 : row.count), 0);
}

export function hasLoss(rows: readonly DropRow[]): boolean {
  return rows.some((row) => row.kind === 'loss' && row.count > 0);
}
