import { Skeleton } from '@mantine/core';
import type { AlarmRecord } from '@edge-blueprints/contracts';
import {
  formatAge,
  formatDateTime,
  formatShortTime,
  Panel,
  RequestFault,
  tableStyles,
  useRequest,
} from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { SignInFirst } from '../session/sign-in-first.js';
import { useApi } from '../session/ward-api.js';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import { PriorityBadge } from '../ward/priority-badge.js';

const text = strings.history;

/** Every alarm that was, how long it lasted and who did what. */
export function HistoryPage(): ReactNode {
  return (
    <SignInFirst right="history">
      <History />
    </SignInFirst>
  );
}

function History(): ReactNode {
  const api = useApi();
  const { request, reload } = useRequest('history', api.alarmHistory);
  return (
    <Panel title={text.title}>
      <h1 className="hidden-text">{text.title}</h1>
      {request.state === 'loading' && <Skeleton height={400} />}
      {request.state === 'failed' && <RequestFault error={request.error} onRetry={reload} />}
      {request.state === 'done' && request.value.length === 0 && <p>{text.none}</p>}
      {request.state === 'done' && request.value.length > 0 && (
        <div className={tableStyles.scroll} tabIndex={0} role="group" aria-label={text.title}>
          <table className={tableStyles.table}>
            <thead>
              <tr>
                {text.columns.map((name) => (
                  <th key={name}>{name}</th>
                ))}
              </tr>
            </thead>
            <tbody>
              {request.value.map((record) => (
                <Row key={`${record.alarm.alarmId}${record.startedAt}`} record={record} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function Row({ record }: { readonly record: AlarmRecord }): ReactNode {
  const { alarm, startedAt, endedAt, acknowledgedAfterMs, moments } = record;
  const lasted = endedAt === null ? text.lasts : formatAge(Date.parse(endedAt) - Date.parse(startedAt));
  return (
    <tr>
      <td>{formatDateTime(startedAt)}</td>
      <th scope="row">
        {alarm.subject.startsWith('bed/') ? (
          <a href={routeHref({ page: 'bed', bed: alarm.subject })}>{strings.subject(alarm.subject)}</a>
        ) : (
          strings.subject(alarm.subject)
        )}
      </th>
      <td>
        <PriorityBadge priority={alarm.priority} technical={alarm.type === 'ST'} />
      </td>
      <td>
        <strong>{strings.conditions[alarm.condition]}</strong> {alarm.text}
      </td>
      <td>{lasted}</td>
      <td>{acknowledgedAfterMs === null ? strings.none : formatAge(acknowledgedAfterMs)}</td>
      <td>
        {moments.map(({ at, what, by }) => (
          <div key={`${at}${what}`}>
            {formatShortTime(at)} {what}
            {by === null ? '' : ` (${by})`}
          </div>
        ))}
      </td>
    </tr>
  );
}
