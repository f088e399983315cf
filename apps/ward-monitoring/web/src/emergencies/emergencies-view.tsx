import { Button, Skeleton } from '@mantine/core';
import type { EmergencyUse } from '@edge-blueprints/contracts';
import {
  formatDateTime,
  formatShortTime,
  Panel,
  RequestFault,
  tableStyles,
  useRequest,
} from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { ActDialog } from '../bed/act-dialog.js';
import { SignInFirst } from '../session/sign-in-first.js';
import { useApi } from '../session/ward-api.js';
import { usePerson } from '../session/ward-session.js';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import styles from './emergencies-view.module.css';

const text = strings.emergencies;

/** Who had the rights of an emergency, and what somebody else thinks of it. */
export function EmergenciesPage(): ReactNode {
  return (
    <SignInFirst right="review">
      <Emergencies />
    </SignInFirst>
  );
}

function Emergencies(): ReactNode {
  const api = useApi();
  const { request, reload } = useRequest('emergencies', api.emergencies);
  const [reviewed, setReviewed] = useState<EmergencyUse | null>(null);
  const uses = request.state === 'done' ? request.value : null;
  return (
    <Panel
      title={text.title}
      aside={uses === null ? undefined : text.waiting(uses.filter((use) => use.reviewed === null).length)}
    >
      <h1 className="hidden-text">{text.title}</h1>
      {request.state === 'loading' && <Skeleton height={300} />}
      {request.state === 'failed' && <RequestFault error={request.error} onRetry={reload} />}
      {uses?.length === 0 && <p>{text.none}</p>}
      {uses !== null && uses.length > 0 && (
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
              {uses.map((use) => (
                <Use key={use.id} use={use} onReview={() => setReviewed(use)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {reviewed !== null && (
        <ActDialog
          title={text.reviewOf(reviewed.by, formatDateTime(reviewed.from))}
          consequences={text.consequences}
          submit={text.submit}
          perform={async (words) => {
            await api.reviewEmergency(reviewed.id, words);
            reload();
          }}
          onClose={() => setReviewed(null)}
        />
      )}
    </Panel>
  );
}

function Use({ use, onReview }: { readonly use: EmergencyUse; onReview(): void }): ReactNode {
  const { id, by, ownRole, from, ended, reason, reviewed } = use;
  const person = usePerson();
  return (
    <tr className={styles.use}>
      <td>
        <time dateTime={from}>{formatDateTime(from)}</time>
      </td>
      <td>{ended === null ? text.lasts : <time dateTime={ended}>{formatShortTime(ended)}</time>}</td>
      <th scope="row">
        {by} <span className={tableStyles.soft}>{ownRole}</span>
        {person?.may.includes('audit') === true && (
          <a
            href={routeHref({ page: 'audit', search: `break-glass/${id}`, entry: null })}
            aria-label={`${text.entries}: ${by}, ${formatDateTime(from)}`}
          >
            {text.entries}
          </a>
        )}
      </th>
      <td>{reason}</td>
      <td>
        {reviewed !== null ? (
          <>
            {reviewed.words}
            <div className={tableStyles.soft}>
              {reviewed.by}, <time dateTime={reviewed.at}>{formatDateTime(reviewed.at)}</time>
            </div>
          </>
        ) : ended === null ? (
          text.lasts
        ) : person?.name === by ? (
          text.own
        ) : (
          <Button size="sm" onClick={onReview} aria-label={text.reviewOf(by, formatDateTime(from))}>
            {text.review}
          </Button>
        )}
      </td>
    </tr>
  );
}
