import type { AlarmPriority } from '@edge-blueprints/contracts';
import { memo } from 'react';
import { strings } from '../strings.js';
import styles from './priority-badge.module.css';

interface Props {
  readonly priority: AlarmPriority;
  readonly technical: boolean;
  readonly size?: 'small' | 'large';
}

/** Priority by shape, stars, word and colour; a technical alarm is a tool in an open frame. */
export const PriorityBadge = memo(function PriorityBadge({ priority, technical, size = 'small' }: Props) {
  return (
    <span className={styles.badge} data-priority={priority} data-technical={technical || undefined} data-size={size}>
      <svg viewBox="0 0 20 20" aria-hidden="true" focusable="false">
        {technical ? (
          <path
            className={styles.tool}
            d="M12.8 2.2a5 5 0 0 0-5.4 6.9L2 14.5 5.5 18l5.4-5.4a5 5 0 0 0 6.9-5.4l-3 3-3.4-.9-.9-3.4z"
          />
        ) : priority === 'PH' ? (
          <path className={styles.solid} d="M6.3 1.5h7.4l4.8 4.8v7.4l-4.8 4.8H6.3l-4.8-4.8V6.3z" />
        ) : priority === 'PM' ? (
          <path className={styles.solid} d="M10 1.8 19 17.8H1z" />
        ) : (
          <circle className={styles.ring} cx="10" cy="10" r="7" />
        )}
      </svg>
      <span aria-hidden="true">{strings.stars[priority]}</span>
      <span>{strings.priorities[priority]}</span>
    </span>
  );
});
