import type { ReactNode } from 'react';
import { useView } from '../feed/feed-context.js';
import { strings } from '../strings.js';
import { ThresholdEditor } from '../thresholds/threshold-editor.js';
import { ThresholdList } from '../thresholds/threshold-list.js';
import styles from './thresholds-view.module.css';

/** Level 3: where each class is cut off, and what moving the cut would have cost. */
export function ThresholdsView({ classIndex }: { readonly classIndex: number | null }): ReactNode {
  const thresholds = useView()?.thresholds ?? [];
  const chosen = thresholds.find((each) => each.classIndex === classIndex) ?? thresholds[0] ?? null;
  return (
    <div className={styles.grid}>
      <h1 className="hidden-text">{strings.thresholds.title}</h1>
      <ThresholdList thresholds={thresholds} chosen={chosen?.classIndex ?? null} />
      {chosen !== null && <ThresholdEditor key={chosen.classIndex} current={chosen} />}
    </div>
  );
}
