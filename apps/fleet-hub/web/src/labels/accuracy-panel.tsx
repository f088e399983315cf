import { formatCount, formatPercent, Panel, RangeBar } from '@edge-blueprints/web-kit';
import type { LabelAccuracyView } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import styles from './accuracy-panel.module.css';

const text = strings.labels;
type Interval = LabelAccuracyView['accuracy'];

/** What the labels say, beside what is only estimated. */
export function AccuracyPanel({ accuracy }: { readonly accuracy: LabelAccuracyView | null }): ReactNode {
  return (
    <Panel
      title={text.accuracy}
      aside={
        accuracy !== null && accuracy.bundleVersion !== '' && <span>{text.accuracyOf(accuracy.bundleVersion)}</span>
      }
    >
      <div className={styles.rows} aria-live="polite">
        <Row name={text.value} interval={accuracy?.accuracy ?? null} count={accuracy?.labelled ?? 0} />
        <Row name={text.escape} interval={accuracy?.escapeShare ?? null} />
        <Row name={text.falseReject} interval={accuracy?.falseRejectShare ?? null} />
        <Row name={text.estimated} interval={accuracy?.estimated ?? null} mark={text.estimate} />
      </div>
      <p className={styles.soft}>{text.weights}</p>
    </Panel>
  );
}

interface RowProps {
  readonly name: string;
  readonly interval: Interval;
  readonly count?: number;
  readonly mark?: string;
}

function Row({ name, interval, count, mark }: RowProps): ReactNode {
  return (
    <div className={styles.row} data-estimate={mark === undefined ? undefined : true}>
      <p className={styles.name}>
        {name}
        {mark !== undefined && <em>{mark}</em>}
      </p>
      <p className={styles.value}>
        {interval === null ? (
          <span className={styles.soft}>{mark === undefined ? text.notYet : text.noEstimate}</span>
        ) : (
          formatPercent(interval.value)
        )}
        {count !== undefined && <small>{text.labelled(formatCount(count))}</small>}
      </p>
      <RangeBar
        from={interval?.low ?? 0}
        to={interval?.high ?? 0}
        {...(interval === null ? {} : { point: interval.value })}
        tone="plain"
        end="100%"
      />
      <p className={styles.soft}>
        {interval === null ? ' ' : text.interval(formatPercent(interval.low), formatPercent(interval.high))}
      </p>
    </div>
  );
}
