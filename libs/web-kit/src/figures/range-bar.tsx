import type { ReactNode } from 'react';
import styles from './range-bar.module.css';

interface Props {
  /** Shares of the axis, 0 to 1. */
  readonly from: number;
  readonly to: number;
  readonly point?: number;
  readonly tone: 'plain' | 'found';
  /** Text at the end of the axis. */
  readonly end?: string;
}

const percent = (share: number): string => `${(Math.min(Math.max(share, 0), 1) * 100).toFixed(2)}%`;

/** A number in its range. Decorative: the text beside it holds the figures. */
export function RangeBar({ from, to, point, tone, end }: Props): ReactNode {
  return (
    <div className={styles.bar} aria-hidden="true">
      <svg height="12" width="100%">
        <rect y="4" width="100%" height="4" rx="2" className={styles.track} />
        <rect x={percent(from)} y="2" width={percent(to - from)} height="8" rx="2" className={styles[tone]} />
        {point !== undefined && <rect x={percent(point)} y="0" width="3" height="12" className={styles.point} />}
      </svg>
      {end !== undefined && <span>{end}</span>}
    </div>
  );
}
