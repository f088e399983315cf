import type { AlertView } from '@edge-blueprints/contracts';

/** What nobody has taken on first, alarms before warnings, then what is taken on, then what is over; newest first in each. */
export function orderAlerts(alerts: readonly AlertView[]): readonly AlertView[] {
  return [...alerts].sort((a, b) => rank(a) - rank(b) || (a.raisedAt < b.raisedAt ? 1 : -1));
}

function rank(alert: AlertView): number {
  if (alert.clearedAt !== null) return 4;
  return (alert.acknowledgedAt === null ? 0 : 2) + (alert.severity === 'alarm' ? 0 : 1);
}
