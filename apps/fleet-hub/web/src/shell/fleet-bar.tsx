import {
  ConnectionLost,
  formatAge,
  formatCount,
  formatTime,
  StateBar,
  StateBarWaiting,
  useNow,
  withLocalTimes,
} from '@edge-blueprints/web-kit';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { orderAlerts } from '../alerts/alert-order.js';
import { alertPlace } from '../alerts/announced-alerts.js';
import { useConnection, useFeedPart } from '../feed/feed-context.js';
import { routeHref } from '../hub-route.js';
import { strings } from '../strings.js';
import { headline } from './headline.js';

const shown = 2;
const text = strings.bar;

function HubLost(): ReactNode {
  const fleet = useFeedPart((state) => state.fleet);
  const receivedAtMs = useFeedPart((state) => state.receivedAtMs);
  const now = useNow();
  const since =
    fleet === null || receivedAtMs === null
      ? strings.connection.lostNever
      : strings.connection.lostSince(formatTime(fleet.at), formatAge(now - receivedAtMs));
  return (
    <ConnectionLost
      label={text.label}
      title={strings.connection.lostTitle}
      detail={`${since} ${strings.connection.lostAdvice}`}
    />
  );
}

/** "Is anything wrong?", answered in the same place on every page. */
export function FleetBar(): ReactNode {
  const connection = useConnection();
  const fleet = useFeedPart((state) => state.fleet);
  const alerts = useFeedPart((state) => state.alerts);
  const fresh = useMemo(() => orderAlerts(alerts.filter((alert) => alert.acknowledgedAt === null)), [alerts]);
  if (connection === 'lost') return <HubLost />;
  if (fleet === null) return <StateBarWaiting label={text.label} word={strings.connection.connecting} />;
  const { asks, word, reason } = headline(fleet);
  const open = Math.max(fleet.openAlerts, alerts.length);
  return (
    <StateBar
      label={text.label}
      mark={asks ?? (fleet.devices === 0 ? 'off' : 'ok')}
      word={word}
      reason={reason}
      asks={asks}
      alarms={{
        label: strings.alerts.title,
        none: text.quiet,
        shown: fresh.slice(0, shown).map((alert) => ({
          id: String(alert.id),
          severity: alert.severity === 'alarm' ? ('stop' as const) : ('act' as const),
          title: `${strings.alerts.kinds[alert.kind]}, ${alertPlace(alert)}`,
          detail: withLocalTimes(alert.text),
          href: routeHref({ page: 'alerts', state: 'open' }),
        })),
        more:
          open > Math.min(shown, fresh.length)
            ? {
                word: text.more(formatCount(open - Math.min(shown, fresh.length))),
                href: routeHref({ page: 'alerts', state: 'open' }),
              }
            : undefined,
      }}
    />
  );
}
