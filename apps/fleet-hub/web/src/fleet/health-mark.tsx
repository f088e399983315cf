import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import styles from './health-mark.module.css';
import type { DeviceHealth } from './health.js';

const shapes: Readonly<Record<DeviceHealth, ReactNode>> = {
  ok: <circle cx="10" cy="10" r="4" className={styles.fill} />,
  alarm: <path d="M6.3 1.5h7.4l4.8 4.8v7.4l-4.8 4.8H6.3l-4.8-4.8V6.3z" className={styles.fill} />,
  offline: <path d="m3.5 3.5 13 13M16.5 3.5l-13 13" className={styles.stroke} />,
  degraded: <path d="M10 1.8 19 17.8H1z" className={styles.fill} />,
  stale: <circle cx="10" cy="10" r="7" className={styles.stroke} />,
  revoked: <path d="M3.5 10h13" className={styles.stroke} />,
};

/** The shape of a health; the same shapes stand in the matrix. Decorative: the word is beside it. */
export function HealthMark({
  health,
  size = 18,
}: {
  readonly health: DeviceHealth;
  readonly size?: number;
}): ReactNode {
  return (
    <svg
      className={styles.mark}
      data-health={health}
      width={size}
      height={size}
      viewBox="0 0 20 20"
      aria-hidden="true"
      focusable="false"
    >
      {shapes[health]}
    </svg>
  );
}

export function HealthWord({ health }: { readonly health: DeviceHealth }): ReactNode {
  return (
    <span className={styles.word} data-health={health} title={strings.healthDetail[health]}>
      <HealthMark health={health} size={16} />
      {strings.health[health]}
    </span>
  );
}
