import { Button, Skeleton } from '@mantine/core';
import {
  formatDateTime,
  formatShortTime,
  Panel,
  RequestFault,
  tableStyles,
  useRequest,
} from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { useApi } from '../session/ward-api.js';
import { SignInFirst } from '../session/sign-in-first.js';
import { strings } from '../strings.js';
import styles from './handover-view.module.css';

const text = strings.handover;

/** What happened in this shift, bed by bed, to be read aloud or printed. */
export function HandoverPage(): ReactNode {
  return (
    <SignInFirst right="handover">
      <Handover />
    </SignInFirst>
  );
}

function Handover(): ReactNode {
  const api = useApi();
  const { request, reload } = useRequest('handover', api.handover);
  if (request.state === 'loading') return <Skeleton height={400} />;
  if (request.state === 'failed') return <RequestFault error={request.error} onRetry={reload} />;
  const { fromAt, toAt, beds } = request.value;
  return (
    <Panel
      title={text.title(formatDateTime(fromAt), formatShortTime(toAt))}
      aside={
        <>
          <Button variant="default" size="sm" onClick={reload}>
            {text.reload}
          </Button>
          <Button size="sm" onClick={() => window.print()}>
            {text.print}
          </Button>
        </>
      }
    >
      <h1 className="hidden-text">{strings.nav.handover}</h1>
      <div className={tableStyles.scroll} tabIndex={0} role="group" aria-label={strings.nav.handover}>
        <table className={tableStyles.table}>
          <thead>
            <tr>
              {text.columns.map((name) => (
                <th key={name}>{name}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {beds.map((bed) => (
              <tr key={bed.bed} className={styles.bed}>
                <th scope="row">{bed.label}</th>
                <td className={styles.score}>
                  {bed.scoreAtStart} → <strong>{bed.scoreNow}</strong>
                  <div className={tableStyles.soft}>
                    {bed.highest === null ? '' : text.highest(bed.highest)}
                    {bed.scale === 2 ? ` ${strings.score.scale(2)}` : ''}
                  </div>
                </td>
                <td className={styles.score}>
                  {(['PH', 'PM', 'PL'] as const).map((priority) => (
                    <div key={priority}>
                      {strings.stars[priority]} {bed.alarms[priority]} {strings.priorities[priority]}
                    </div>
                  ))}
                </td>
                <td>{[...bed.open, ...bed.overdue].join('; ') || text.nothing}</td>
                <td>
                  {bed.notes.map(({ at, what, by }) => (
                    <div key={`${at}${what}`}>
                      {formatShortTime(at)} {what}
                      {by === null ? '' : ` (${by})`}
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
