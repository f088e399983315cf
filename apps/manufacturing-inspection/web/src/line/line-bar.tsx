import type { ReactNode } from 'react';
import { ConnectionLost, formatAge, formatTime, StateBar, StateBarWaiting, useNow } from '@edge-blueprints/web-kit';
import type { MarkKind } from '@edge-blueprints/web-kit';
import { useStatus } from '../feed/feed-status.js';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';

const marks = {
  Execute: 'run',
  Idle: 'wait',
  Suspended: 'wait',
  Stopped: 'off',
  Held: 'act',
  Aborted: 'stop',
} as const satisfies Record<string, MarkKind>;

const shown = 3;

function StationLost(): ReactNode {
  const { view, receivedAtMs } = useStatus();
  const now = useNow();
  const since =
    view === null || receivedAtMs === null
      ? strings.connection.lostNever
      : strings.connection.lostSince(formatTime(view.at), formatAge(now - receivedAtMs));
  return (
    <ConnectionLost
      label={strings.line.label}
      title={strings.connection.lostTitle}
      detail={`${since} ${strings.connection.lostAdvice}`}
    />
  );
}

/** The answer to "do I have to act?", in the same place and height in every view and state. */
export function LineBar(): ReactNode {
  const { connection, view, alarms } = useStatus();
  if (connection === 'lost') return <StationLost />;
  if (view === null) return <StateBarWaiting label={strings.line.label} word={strings.connection.connecting} />;
  const listed = alarms.filter((alarm) => alarm.id !== 'line-held' && alarm.id !== 'line-aborted');
  return (
    <StateBar
      label={strings.line.label}
      mark={marks[view.lineState]}
      word={strings.line.states[view.lineState]}
      reason={view.lineStateReason || strings.line.plain[view.lineState]}
      asks={view.lineState === 'Aborted' ? 'stop' : view.lineState === 'Held' ? 'act' : undefined}
      alarms={{
        label: strings.line.alarms,
        none: strings.line.noAlarms,
        shown: listed.slice(0, shown).map((alarm) => ({ ...alarm, href: routeHref(alarm.route) })),
        more:
          listed.length > shown
            ? { word: strings.line.more(listed.length - shown), href: routeHref({ page: 'health' }) }
            : undefined,
      }}
    />
  );
}
