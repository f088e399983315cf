import type { ReactNode } from 'react';
import type { StoreView } from '@edge-blueprints/contracts';
import { ConnectionLost, formatAge, formatTime, StateBar, StateBarWaiting, useNow } from '@edge-blueprints/web-kit';
import { useStatus } from '../feed/store-status.js';
import { strings } from '../strings.js';
import { routeHref } from './route.js';

const shown = 2;

function NodeLost(): ReactNode {
  const { view, receivedAtMs } = useStatus();
  const now = useNow();
  return (
    <ConnectionLost
      label={strings.bar.label}
      title={strings.connection.lostTitle}
      detail={
        view === null || receivedAtMs === null
          ? strings.connection.lostNever
          : strings.connection.lostSince(
              formatTime(new Date(view.atEpochMs).toISOString()),
              formatAge(now - receivedAtMs),
            )
      }
    />
  );
}

/** Whether the node counts at all, in one word. */
export function countingState({
  cameras,
  alarms,
}: Pick<StoreView, 'cameras' | 'alarms'>): 'counting' | 'gaps' | 'stopped' {
  const some = cameras.some(({ state }) => state === 'seeing' || state === 'slow');
  if (!some || alarms.some(({ id }) => id === 'engine')) return 'stopped';
  return cameras.every(({ state }) => state === 'seeing') ? 'counting' : 'gaps';
}

/** The answer to "do I have to act?", in the same place and height in every view and state. */
export function StoreBar(): ReactNode {
  const { connection, view, alarms } = useStatus();
  if (connection === 'lost') return <NodeLost />;
  if (view === null) return <StateBarWaiting label={strings.bar.label} word={strings.connection.connecting} />;
  const state = countingState(view);
  const seeing = view.cameras.filter((camera) => camera.state === 'seeing').length;
  const reasons = {
    counting: strings.bar.countingDetail(view.cameras.length),
    gaps: strings.bar.gapsDetail(seeing, view.cameras.length),
    stopped: strings.bar.stoppedDetail,
  };
  return (
    <StateBar
      label={strings.bar.label}
      mark={state === 'counting' ? 'run' : state === 'gaps' ? 'act' : 'stop'}
      word={strings.bar[state]}
      reason={reasons[state]}
      asks={state === 'counting' ? undefined : state === 'gaps' ? 'act' : 'stop'}
      alarms={{
        label: strings.bar.alarms,
        none: strings.bar.none,
        shown: alarms.slice(0, shown),
        more:
          alarms.length > shown
            ? { word: strings.bar.more(alarms.length - shown), href: routeHref({ page: 'cameras' }) }
            : undefined,
      }}
    />
  );
}
