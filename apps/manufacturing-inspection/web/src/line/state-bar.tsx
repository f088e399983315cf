import { Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import { ConnectionLost, formatAge, formatTime, Mark, useNow } from '@edge-blueprints/web-kit';
import type { MarkKind } from '@edge-blueprints/web-kit';
import { useStatus } from '../feed/feed-status.js';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import styles from './state-bar.module.css';

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
export function StateBar(): ReactNode {
  const { connection, view, alarms } = useStatus();
  if (connection === 'lost') return <StationLost />;
  if (view === null)
    return (
      <section className={styles.bar} aria-label={strings.line.label} aria-busy="true">
        <Skeleton height={40} width={320} />
        <span className={styles.reason}>{strings.connection.connecting}</span>
      </section>
    );
  const listed = alarms.filter((alarm) => alarm.id !== 'line-held' && alarm.id !== 'line-aborted');
  const asks = view.lineState === 'Aborted' ? 'stop' : view.lineState === 'Held' ? 'act' : undefined;
  return (
    <section className={styles.bar} aria-label={strings.line.label}>
      <div className={styles.state} data-asks={asks}>
        <Mark kind={marks[view.lineState]} size={34} />
        <div>
          <p className={styles.word}>{strings.line.states[view.lineState]}</p>
          <p className={styles.reason}>{view.lineStateReason || strings.line.plain[view.lineState]}</p>
        </div>
      </div>
      <ul className={styles.alarms} aria-label={strings.line.alarms}>
        {listed.length === 0 && asks === undefined && <li className={styles.quiet}>{strings.line.noAlarms}</li>}
        {listed.slice(0, shown).map((alarm) => (
          <li key={alarm.id}>
            <a
              className={styles.alarm}
              data-severity={alarm.severity}
              href={routeHref(alarm.route)}
              title={alarm.detail}
            >
              <Mark kind={alarm.severity} size={22} />
              <span>
                <strong>{alarm.title}</strong>
                <small>{alarm.detail}</small>
              </span>
            </a>
          </li>
        ))}
        {listed.length > shown && (
          <li>
            <a className={styles.more} href={routeHref({ page: 'health' })}>
              {strings.line.more(listed.length - shown)}
            </a>
          </li>
        )}
      </ul>
    </section>
  );
}
