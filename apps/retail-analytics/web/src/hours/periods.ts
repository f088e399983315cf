import type { ReleasePeriod } from '../session/store-api.js';

export const periodNames = ['today', 'yesterday', 'week'] as const;
export type PeriodName = (typeof periodNames)[number];

/** Midnight of the wall behind the screen, some days before the day of a moment. */
export function midnight(epochMs: number, daysBefore: number): number {
  const at = new Date(epochMs);
  return new Date(at.getFullYear(), at.getMonth(), at.getDate() - daysBefore).getTime();
}

export function periodOf(name: PeriodName, nowEpochMs: number): ReleasePeriod {
  switch (name) {
    case 'today':
      return { fromEpochMs: midnight(nowEpochMs, 0), toEpochMs: nowEpochMs };
    case 'yesterday':
      return { fromEpochMs: midnight(nowEpochMs, 1), toEpochMs: midnight(nowEpochMs, 0) };
    case 'week':
      return { fromEpochMs: midnight(nowEpochMs, 6), toEpochMs: nowEpochMs };
  }
}
