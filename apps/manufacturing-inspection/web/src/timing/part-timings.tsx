import type { PartRecord } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { formatMs, Panel } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import { stageBars, stageName } from './stage-data.js';
import styles from './part-timings.module.css';

/** One row a stage on a common axis from capture to act, so that the eye sees the order and the share. */
export function PartTimings({ record }: { readonly record: PartRecord }): ReactNode {
  const bars = stageBars(record.timings);
  return (
    <Panel
      title={strings.part.timings}
      aside={
        <span>
          {strings.timing.total} <strong className={styles.total}>{formatMs(record.timings.captureToActMs)}</strong>
        </span>
      }
    >
      <ol className={styles.rows}>
        {bars.map(({ stage, ms, startShare, share }) => (
          <li key={stage}>
            <span className={styles.name}>{stageName(stage)}</span>
            <svg className={styles.bar} height="14" aria-hidden="true">
              <rect width="100%" height="14" className={styles.track} />
              <rect
                x={`${startShare * 100}%`}
                width={`${Math.max(share * 100, 0.4)}%`}
                height="14"
                className={styles.fill}
                data-stage={stage}
              />
            </svg>
            <span className={styles.ms}>{formatMs(ms)}</span>
          </li>
        ))}
      </ol>
      <p className={styles.note}>{strings.part.runInside(formatMs(record.timings.runMs))}</p>
    </Panel>
  );
}
