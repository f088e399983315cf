import type { BedView, News2SubScore } from '@edge-blueprints/contracts';
import { Panel, tableStyles } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import { shownReading } from '../ward/reading-text.js';
import { intervalText, scoreTone } from './interval-text.js';
import styles from './score-breakdown.module.css';

/** Points by parameter, what is missing and why, and what the chart asks for. */
export function ScoreBreakdown({
  bed,
  className,
}: {
  readonly bed: BedView;
  readonly className?: string | undefined;
}): ReactNode {
  const { score } = bed;
  return (
    <Panel
      title={strings.score.title}
      className={className}
      aside={score === null ? undefined : strings.score.scale(score.scale)}
    >
      {score === null ? (
        <p>{bed.noScore ?? strings.score.none}</p>
      ) : (
        <>
          <p className={styles.sum} data-tone={scoreTone(score)}>
            <strong>{intervalText(score)}</strong>
            <span>{strings.bands[score.band]}</span>
          </p>
          <p className={styles.hint}>
            {score.complete
              ? strings.score.complete
              : strings.score.interval(score.lo, score.hi, strings.bands[score.cannotExclude])}
          </p>
          <table className={tableStyles.table}>
            <thead>
              <tr>
                <th>{strings.score.parameter}</th>
                <th>{strings.score.value}</th>
                <th className={tableStyles.number}>{strings.score.points}</th>
              </tr>
            </thead>
            <tbody>
              {score.subScores.map((sub) => (
                <Row key={sub.parameter} sub={sub} bed={bed} red={score.red.includes(sub.parameter)} />
              ))}
            </tbody>
          </table>
        </>
      )}
      <dl className={styles.plan}>
        <dt>{strings.score.frequency}</dt>
        <dd>{bed.monitoring.frequency}</dd>
        <dt>{strings.score.response}</dt>
        <dd>{bed.monitoring.response}</dd>
        {bed.overdue.length > 0 && (
          <>
            <dt>{strings.score.overdue}</dt>
            <dd className={styles.overdue}>
              {bed.overdue
                .map(({ parameter, overdueMin }) => strings.score.overdueBy(strings.readings[parameter], overdueMin))
                .join(', ')}
            </dd>
          </>
        )}
      </dl>
      <p className={styles.source}>{strings.score.source}</p>
    </Panel>
  );
}

function Row({
  sub,
  bed,
  red,
}: {
  readonly sub: News2SubScore;
  readonly bed: BedView;
  readonly red: boolean;
}): ReactNode {
  const reading = shownReading(sub.parameter, bed.readings[sub.parameter]);
  const points =
    sub.points === undefined ? (sub.lo === sub.hi ? String(sub.lo) : `${sub.lo}–${sub.hi}`) : String(sub.points);
  return (
    <tr data-red={red || undefined} className={styles.row}>
      <th scope="row">{strings.parameters[sub.parameter]}</th>
      <td>
        {sub.missing === undefined ? (
          `${reading.value} ${reading.unit}`
        ) : (
          <>
            {reading.value !== strings.none && <s>{`${reading.value} ${reading.unit}`}</s>}{' '}
            <span className={styles.missing}>{strings.missing[sub.missing]}</span>
          </>
        )}{' '}
        <span className={styles.age}>{reading.age}</span>
      </td>
      <td className={tableStyles.number}>
        {red && <span className={styles.red}>{strings.score.red} </span>}
        <strong>{points}</strong>
      </td>
    </tr>
  );
}
