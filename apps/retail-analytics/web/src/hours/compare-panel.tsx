import type { ReactNode } from 'react';
import type { RetailRelease } from '@edge-blueprints/contracts';
import { formatCount, Panel } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import { compareDays } from './day-compare.js';
import type { DayCompare } from './day-compare.js';
import styles from './hours-view.module.css';

const text = strings.hours;
const dayMs = 86_400_000;
const others = [
  { name: 'yesterday', shiftMs: dayMs },
  { name: 'week', shiftMs: 7 * dayMs },
] as const;

interface Props {
  readonly releases: readonly RetailRelease[];
  readonly doors: readonly string[];
  readonly todayEpochMs: number;
}

/** Whether today is like other days, said with the noise in mind. */
export function ComparePanel({ releases, doors, todayEpochMs }: Props): ReactNode {
  const keys = doors.map((line) => `${line}/in`);
  return (
    <Panel title={text.compare}>
      <ul className={styles.compares}>
        {others.map(({ name, shiftMs }) => {
          const compare = compareDays(releases, keys, todayEpochMs, shiftMs);
          return (
            <li key={name}>
              <h3>{text.compareWith[name]}</h3>
              {compare.windows === 0 ? (
                <p className={styles.soft}>{text.compareNone}</p>
              ) : (
                <>
                  <p className={styles.verdict}>
                    {verdict(compare)} <small>{text.error(formatCount(Math.ceil(compare.error95)))}</small>
                  </p>
                  <p>{text.compareNow(formatCount(compare.now), formatCount(compare.then))}</p>
                  <p className={styles.soft}>{text.compareOver(compare.windows, compare.leftOut)}</p>
                </>
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

function verdict({ difference, error95 }: DayCompare): string {
  if (Math.abs(difference) <= error95) return text.within;
  const size = formatCount(Math.abs(difference));
  return difference > 0 ? text.more(size) : text.fewer(size);
}
