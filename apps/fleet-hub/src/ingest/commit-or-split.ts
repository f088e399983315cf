import { EdgeError } from '@edge-blueprints/contracts';
import type { SqlStore } from '../store/sql-store.js';
import { halves, withRefused } from './acknowledge.js';
import { commitGroup } from './commit-group.js';
import type { CommitGroupDeps, GroupOutcome, IngestGroup } from './commit-group.js';

/**
 * One transaction for the whole group. When the database refuses a value, the group is halved until the one event that does
 * it stands alone: it goes to quarantine, and all others get in.
 * @throws DeviceError of the store when trying later may help
 */
export async function commitOrSplit(
  store: SqlStore,
  group: IngestGroup,
  nowMs: number,
  deps: CommitGroupDeps,
): Promise<GroupOutcome> {
  try {
    return await store.transaction((session) => commitGroup(session, group, nowMs, deps));
  } catch (error) {
    if (!(error instanceof EdgeError && error.code === 'hub.store-refused')) throw error;
    const parts = split(group, error.message);
    if (parts === undefined) throw error;
    const done: GroupOutcome[] = [];
    for (const part of parts) done.push(await commitOrSplit(store, part, nowMs, deps));
    return {
      batches: done.flatMap(({ batches }) => batches),
      taken: sum(done, ({ taken }) => taken),
      duplicates: sum(done, ({ duplicates }) => duplicates),
      setAside: done.flatMap(({ setAside }) => setAside),
      lateDeaths: sum(done, ({ lateDeaths }) => lateDeaths),
    };
  }
}

/** @returns undefined when nothing is left that could be taken apart */
function split(group: IngestGroup, problem: string): readonly IngestGroup[] | undefined {
  const { batches, statuses, payloads } = group;
  const only = (part: Partial<IngestGroup>): IngestGroup => ({ batches: [], statuses: [], payloads: [], ...part });
  if (batches.length > 0 && statuses.length + payloads.length > 0)
    return [only({ statuses, payloads }), only({ batches })];
  if (batches.length > 1) {
    const middle = Math.ceil(batches.length / 2);
    return [only({ batches: batches.slice(0, middle) }), only({ batches: batches.slice(middle) })];
  }
  const [batch] = batches;
  if (batch === undefined || batch.events.length === 0) return undefined;
  if (batch.events.length > 1) return halves(batch).map((half) => only({ batches: [half] }));
  return [only({ batches: [withRefused(batch, 'hub.event-unstorable', problem)] })];
}

function sum<T>(items: readonly T[], valueOf: (item: T) => number): number {
  return items.reduce((total, item) => total + valueOf(item), 0);
}
