import type { DeviceRowView } from '@edge-blueprints/contracts';

export type DeviceHealth = DeviceRowView['health'];

/** Worst first: the order in which a person looks. */
export const healthOrder = ['alarm', 'offline', 'degraded', 'stale', 'revoked', 'ok'] as const satisfies DeviceHealth[];

/** `stop`: look now. `act`: look today. `off`: known and meant. */
export const healthTone = {
  alarm: 'stop',
  offline: 'stop',
  degraded: 'act',
  stale: 'act',
  revoked: 'off',
  ok: 'off',
} as const satisfies Record<DeviceHealth, 'stop' | 'act' | 'off'>;

export function asksForAct(health: DeviceHealth): boolean {
  return healthTone[health] !== 'off';
}

export const deviceKey = (row: Pick<DeviceRowView, 'site' | 'device'>): string => `${row.site}/${row.device}`;

export type HealthCounts = Readonly<Record<DeviceHealth, number>>;

export function countHealth(rows: readonly DeviceRowView[]): HealthCounts {
  const counts = { ok: 0, degraded: 0, alarm: 0, stale: 0, offline: 0, revoked: 0 };
  for (const row of rows) counts[row.health] += 1;
  return counts;
}

export function askingCount(counts: HealthCounts): number {
  return counts.alarm + counts.offline + counts.degraded + counts.stale;
}
