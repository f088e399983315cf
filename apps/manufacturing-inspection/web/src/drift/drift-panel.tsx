import type { DriftView, PartSummary } from '@edge-blueprints/contracts';
import { formatCount, formatFigure, Mark, Panel } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import styles from './drift-panel.module.css';
import { FeatureRows } from './feature-rows.js';
import { RaisedAlarms } from './raised-alarms.js';

const text = strings.drift;
const marks = { drifting: 'act', stable: 'ok', 'warming-up': 'wait' } as const;

interface Props {
  readonly drift: DriftView | null;
  readonly known: readonly PartSummary[];
  readonly className?: string | undefined;
}

/** Whether the parts still look like those that the model was made for. */
export function DriftPanel({ drift, known, className }: Props): ReactNode {
  if (drift === null)
    return (
      <Panel className={className} title={text.title}>
        <p className={styles.state}>
          <Mark kind="off" size={22} />
          <strong>{text.off}</strong>
          <span>{text.offDetail}</span>
        </p>
      </Panel>
    );
  const { state, windowParts, parts, alarms } = drift;
  return (
    <Panel
      className={className}
      title={text.title}
      aside={<span>{text.falseAlarms(formatFigure(drift.falseAlarmsPerMonth))}</span>}
    >
      <p className={styles.state} data-state={state}>
        <Mark kind={marks[state]} size={22} />
        <strong>{text.states[state]}</strong>
        <span>{text.plain[state](formatCount(windowParts))}</span>
      </p>
      <p className={styles.scope}>
        {text.watched(formatCount(parts), formatCount(windowParts))} {text.source(drift.source)}
      </p>
      <RaisedAlarms alarms={alarms} known={known} />
      <FeatureRows drift={drift} />
      <p className={styles.scope}>{text.rule}</p>
    </Panel>
  );
}
