import type { DeviceRowView } from '@edge-blueprints/contracts';
import { deviceKey } from '../fleet/health.js';

export interface DeviceRows {
  /** By site, then device: places do not depend on what happens to a device. The array is a new one after each change. */
  rows(): readonly DeviceRowView[];
  get(site: string, device: string): DeviceRowView | undefined;
  replace(rows: readonly DeviceRowView[]): void;
  /** @returns false when nothing changed */
  merge(rows: readonly DeviceRowView[]): boolean;
}

/** The page holds at most this many devices; the hub sends no more in one answer. */
export const mostDevices = 10_000;

export function createDeviceRows(): DeviceRows {
  let sorted: readonly DeviceRowView[] = [];
  let indexByKey = new Map<string, number>();
  const take = (rows: readonly DeviceRowView[]): void => {
    sorted = [...rows].sort(byName).slice(0, mostDevices);
    indexByKey = new Map(sorted.map((row, index) => [deviceKey(row), index]));
  };
  return {
    rows: () => sorted,
    get: (site, device) => sorted[indexByKey.get(deviceKey({ site, device })) ?? -1],
    replace: take,
    merge: (rows) => {
      if (rows.length === 0) return false;
      const next = [...sorted];
      const fresh = new Map<string, DeviceRowView>();
      for (const row of rows) {
        const index = indexByKey.get(deviceKey(row));
        if (index === undefined) fresh.set(deviceKey(row), row);
        else next[index] = row;
      }
      if (fresh.size > 0) take([...next, ...fresh.values()]);
      else sorted = next;
      return true;
    },
  };
}

function byName(a: DeviceRowView, b: DeviceRowView): number {
  if (a.site !== b.site) return a.site < b.site ? -1 : 1;
  return a.device < b.device ? -1 : a.device > b.device ? 1 : 0;
}
