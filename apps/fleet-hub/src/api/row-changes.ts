import type { DeviceRowView } from '@edge-blueprints/contracts';

/** A device that is heard all the time is not a change each time. */
const heardStepMs = 15_000;

/** Which device rows a page must be told of, against what it was told last. */
export interface RowChanges {
  changed(rows: readonly DeviceRowView[]): readonly DeviceRowView[];
}

export function createRowChanges(): RowChanges {
  let told = new Map<string, DeviceRowView>();
  return {
    changed: (rows) => {
      const next = new Map<string, DeviceRowView>();
      const changed: DeviceRowView[] = [];
      for (const row of rows) {
        const key = `${row.site}/${row.device}`;
        const before = told.get(key);
        const same = before !== undefined && isSame(before, row);
        next.set(key, same ? before : row);
        if (!same) changed.push(row);
      }
      told = next;
      return changed;
    },
  };
}

function isSame(a: DeviceRowView, b: DeviceRowView): boolean {
  const { lastSeenAt: seenA, ...restA } = a;
  const { lastSeenAt: seenB, ...restB } = b;
  const apartMs = Math.abs(Date.parse(seenA ?? '') - Date.parse(seenB ?? ''));
  const heard = seenA === seenB || apartMs < heardStepMs;
  return heard && JSON.stringify(restA) === JSON.stringify(restB);
}
