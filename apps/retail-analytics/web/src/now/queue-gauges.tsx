import { formatAge, formatCount, Mark, Panel, RangeBar } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import type { StoreQueueView } from '@edge-blueprints/contracts';
import { strings } from '../strings.js';
import styles from './now-view.module.css';

/** Ends of the gauges; longer queues stretch them. */
const lengthAxis = 10;
const waitAxisS = 300;

interface Props {
  readonly className?: string | undefined;
  readonly queues: readonly StoreQueueView[];
}

/** How long each queue is and what who joins now must expect. */
export function QueueGauges({ className, queues }: Props): ReactNode {
  const longest = Math.max(lengthAxis, ...queues.map(({ length }) => length));
  const slowest = Math.max(waitAxisS, ...queues.map(({ expectedWaitS }) => expectedWaitS ?? 0));
  return (
    <Panel className={className} title={strings.queues.title}>
      {queues.length === 0 && <p>{strings.queues.none}</p>}
      <ul className={styles.gauges}>
        {queues.map((queue) => (
          <li key={queue.id} className={styles.gauge}>
            <h3>
              {queue.name}
              {queue.state !== 'good' && (
                <>
                  <Mark kind={queue.state === 'unreliable' ? 'act' : 'off'} size={16} />
                  {queue.state === 'unreliable' ? strings.queues.unreliable : strings.queues.notSeen}
                </>
              )}
            </h3>
            <dl className={styles.pair}>
              <div>
                <dt>{strings.queues.length}</dt>
                <dd>{queue.state === 'unknown' ? strings.none : formatCount(queue.length)}</dd>
                <RangeBar
                  from={0}
                  to={queue.length / longest}
                  tone="plain"
                  end={strings.queues.lengthAxis(formatCount(longest))}
                />
              </div>
              <div>
                <dt>{strings.queues.wait}</dt>
                <dd>
                  {queue.expectedWaitS === null ? (
                    <small>{strings.queues.unknown}</small>
                  ) : (
                    formatAge(queue.expectedWaitS * 1_000)
                  )}
                </dd>
                {queue.expectedWaitS !== null && (
                  <RangeBar from={0} to={queue.expectedWaitS / slowest} tone="plain" end={formatAge(slowest * 1_000)} />
                )}
              </div>
            </dl>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
