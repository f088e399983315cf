import type { DriftAlarm, PartSummary } from '@edge-blueprints/contracts';
import { Mark, withLocalTimes } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import styles from './raised-alarms.module.css';

const text = strings.drift;

interface Props {
  readonly alarms: readonly DriftAlarm[];
  /** Parts whose number is known: an example among them carries it instead of its result id. */
  readonly known: readonly PartSummary[];
}

/** Each alarm that stands: the sentence of the station, and parts that show it. */
export function RaisedAlarms({ alarms, known }: Props): ReactNode {
  if (alarms.length === 0) return null;
  const partOf = (resultId: string): string => known.find((part) => part.resultId === resultId)?.partId ?? resultId;
  return (
    <ul className={styles.alarms} aria-label={text.raised}>
      {alarms.map((alarm) => (
        <li key={alarm.alarm}>
          <Mark kind="act" size={22} />
          <div>
            <p>{withLocalTimes(alarm.explanation)}</p>
            {alarm.examples.length > 0 && (
              <p className={styles.examples}>
                <span>{text.examples}</span>
                {alarm.examples.map((resultId) => (
                  <a key={resultId} href={routeHref({ page: 'part', resultId })}>
                    {partOf(resultId)}
                  </a>
                ))}
              </p>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}
