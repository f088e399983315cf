import type { DeviceRowView } from '@edge-blueprints/contracts';
import { healthOrder } from './health.js';

export const sortKeys = ['device', 'health', 'lastSeen', 'backlog', 'lost', 'alerts', 'bundle'] as const;
export type SortKey = (typeof sortKeys)[number];

export interface DeviceSort {
  readonly key: SortKey;
  readonly descending: boolean;
}

const rank = (row: DeviceRowView): number => healthOrder.indexOf(row.health);
const text = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
const byName = (a: DeviceRowView, b: DeviceRowView): number => text(a.site, b.site) || text(a.device, b.device);

const orders: Readonly<Record<SortKey, (a: DeviceRowView, b: DeviceRowView) => number>> = {
  device: byName,
  health: (a, b) => rank(a) - rank(b),
  lastSeen: (a, b) => text(a.lastSeenAt ?? '', b.lastSeenAt ?? ''),
  backlog: (a, b) => (a.backlog ?? -1) - (b.backlog ?? -1),
  lost: (a, b) => a.declaredLost - b.declaredLost,
  alerts: (a, b) => a.openAlerts - b.openAlerts,
  bundle: (a, b) => text(a.bundleVersion, b.bundleVersion),
};

/** Equal rows keep the order of their names, so that the list stands still between two updates. */
export function sortDevices(rows: readonly DeviceRowView[], { key, descending }: DeviceSort): readonly DeviceRowView[] {
  const order = orders[key];
  const turn = descending ? -1 : 1;
  return [...rows].sort((a, b) => turn * order(a, b) || byName(a, b));
}
