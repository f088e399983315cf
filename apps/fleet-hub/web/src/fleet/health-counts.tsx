import { formatCount } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import styles from './health-counts.module.css';
import { healthOrder, healthTone } from './health.js';
import type { DeviceHealth, HealthCounts as Counts } from './health.js';
import { HealthMark } from './health-mark.js';

interface Props {
  readonly counts: Counts;
  readonly chosen: readonly DeviceHealth[];
  onToggle(health: DeviceHealth): void;
}

/** How many of each health, as buttons that filter. */
export function HealthCounts({ counts, chosen, onToggle }: Props): ReactNode {
  return (
    <div className={styles.counts} role="group" aria-label={strings.fleet.health}>
      {healthOrder.map((health) => (
        <button
          key={health}
          type="button"
          className={styles.count}
          aria-pressed={chosen.includes(health)}
          data-tone={counts[health] > 0 ? healthTone[health] : 'off'}
          title={strings.healthDetail[health]}
          onClick={() => onToggle(health)}
        >
          <HealthMark health={health} size={22} />
          <span className={styles.number}>{formatCount(counts[health])}</span>
          <span className={styles.word}>{strings.health[health]}</span>
        </button>
      ))}
    </div>
  );
}
