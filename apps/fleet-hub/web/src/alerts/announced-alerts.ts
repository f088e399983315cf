import { withLocalTimes } from '@edge-blueprints/web-kit';
import type { AnnouncedAlarm } from '@edge-blueprints/web-kit';
import type { AlertView } from '@edge-blueprints/contracts';
import { strings } from '../strings.js';

/** At most this many single alerts are read out; a site that goes down is one sentence, not thousands. */
const mostSaid = 5;

/** Open alerts that nobody has taken on yet, for screen readers. */
export function announcedAlerts(alerts: readonly AlertView[]): readonly AnnouncedAlarm[] {
  const open = alerts.filter((alert) => alert.acknowledgedAt === null && alert.clearedAt === null);
  return open.slice(0, mostSaid).map((alert) => ({
    id: String(alert.id),
    severity: alert.severity === 'alarm' ? 'stop' : 'act',
    title: `${strings.alerts.kinds[alert.kind]}, ${alertPlace(alert)}`,
    detail: withLocalTimes(alert.text),
  }));
}

/** Alerts of a whole site carry no device. */
export function alertPlace(alert: Pick<AlertView, 'site' | 'device'>): string {
  return alert.device === '' || alert.device === '*'
    ? strings.alerts.site(alert.site)
    : `${alert.site}/${alert.device}`;
}
