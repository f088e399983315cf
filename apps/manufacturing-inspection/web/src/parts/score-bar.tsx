import type { RecordedDetection } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import styles from './detection-table.module.css';

/** The score as a bar, the threshold as a mark on the same axis from 0 to 1, the effect in words. */
export function ScoreBar({ detection }: { readonly detection: RecordedDetection }): ReactNode {
  return (
    <>
      <svg className={styles.bar} height="14" aria-hidden="true">
        <rect y="5" width="100%" height="4" rx="2" className={styles.track} />
        <rect
          y="3"
          width={`${detection.score * 100}%`}
          height="8"
          rx="2"
          className={detection.counted ? styles.counted : styles.below}
        />
        <rect x={`${detection.threshold * 100}%`} width="3" height="14" className={styles.threshold} />
      </svg>
      <span className={styles.effect}>{detection.counted ? strings.part.counted : strings.part.notCounted}</span>
    </>
  );
}
