import type { ReactNode } from 'react';
import { useStatus } from '../feed/feed-status.js';
import { useNow } from '../feed/use-now.js';
import { formatAge, formatTime } from '../format.js';
import { Mark } from '../shell/mark.js';
import { strings } from '../strings.js';
import styles from './connection-lost.module.css';

export function ConnectionLost(): ReactNode {
  const { view, receivedAtMs } = useStatus();
  const now = useNow();
  return (
    <section className={styles.lost} aria-label={strings.line.label}>
      <Mark kind="stop" size={48} />
      <div>
        <p className={styles.title}>{strings.connection.lostTitle}</p>
        <p>
          {view === null || receivedAtMs === null
            ? strings.connection.lostNever
            : strings.connection.lostSince(formatTime(view.at), formatAge(now - receivedAtMs))}{' '}
          {strings.connection.lostAdvice}
        </p>
      </div>
      <p className={styles.retry}>{strings.connection.retrying}</p>
    </section>
  );
}
