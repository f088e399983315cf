import type { ReactNode } from 'react';
import { useStatus } from '../feed/feed-status.js';
import { useNow } from '../feed/use-now.js';
import { formatAge, formatTime } from '../format.js';
import { strings } from '../strings.js';
import styles from './data-age.module.css';
import { Mark } from './mark.js';

/** When the page was last true. Fixed width, so that nothing moves when a second passes. */
export function DataAge(): ReactNode {
  const { connection, view, receivedAtMs } = useStatus();
  const now = useNow();
  const ageMs = receivedAtMs === null ? null : Math.max(0, now - receivedAtMs);
  const word =
    connection === 'live'
      ? strings.connection.live
      : connection === 'connecting'
        ? strings.none
        : `${connection === 'stale' ? strings.connection.stale : strings.connection.lost}${ageMs === null ? '' : `, ${formatAge(ageMs)}`}`;
  return (
    <div className={styles.age} data-connection={connection}>
      <Mark kind={connection === 'live' ? 'run' : connection === 'connecting' ? 'off' : 'act'} size={14} />
      <span>{word}</span>
      <time dateTime={view?.at} className={styles.time}>
        {formatTime(view?.at ?? null)}
      </time>
    </div>
  );
}
