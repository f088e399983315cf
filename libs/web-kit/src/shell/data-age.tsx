import type { ReactNode } from 'react';
import type { Connection } from '../feed/staleness.js';
import { useNow } from '../feed/use-now.js';
import { formatAge, formatTime } from '../format.js';
import { kitStrings as strings } from '../strings.js';
import styles from './data-age.module.css';
import { Mark } from './mark.js';

interface Props {
  readonly connection: Connection;
  /** Stamp of what is shown, null before the first answer. */
  readonly viewAt: string | null;
  readonly receivedAtMs: number | null;
}

/** When the page was last true. Fixed width, so that nothing moves when a second passes. */
export function DataAge({ connection, viewAt, receivedAtMs }: Props): ReactNode {
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
      <time dateTime={viewAt ?? undefined} className={styles.time}>
        {formatTime(viewAt)}
      </time>
    </div>
  );
}
