import type { ReactNode } from 'react';
import { Mark } from '@edge-blueprints/web-kit';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import type { Alarm } from './alarms.js';
import styles from './alarm-list.module.css';

/** All standing alarms in full; nothing at all while there are none. */
export function AlarmList({ alarms }: { readonly alarms: readonly Alarm[] }): ReactNode {
  if (alarms.length === 0) return null;
  return (
    <ul className={styles.list} aria-label={strings.line.alarms}>
      {alarms.map((alarm) => (
        <li key={alarm.id} data-severity={alarm.severity}>
          <Mark kind={alarm.severity} size={22} />
          <strong>{alarm.title}</strong>
          <span>{alarm.detail}</span>
          {alarm.route.page !== 'health' && <a href={routeHref(alarm.route)}>{strings.evidence.title}</a>}
        </li>
      ))}
    </ul>
  );
}
