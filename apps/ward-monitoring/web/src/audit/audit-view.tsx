import { Button, Skeleton, TextInput } from '@mantine/core';
import type { AuditEntry } from '@edge-blueprints/contracts';
import { asApiError, formatDateTime, Panel, RequestFault, tableStyles } from '@edge-blueprints/web-kit';
import type { ApiError } from '@edge-blueprints/web-kit';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { SignInFirst } from '../session/sign-in-first.js';
import { useApi } from '../session/ward-api.js';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import styles from './audit-view.module.css';
import { EvidencePanel } from './evidence-panel.js';

const text = strings.audit;
const pageSize = 100;
const typingMs = 250;

interface Props {
  readonly search: string;
  readonly entry: number | null;
}

/** Level 4: who did what, one entry with its proof, and the evidence as a file. */
export function AuditView({ search, entry }: Props): ReactNode {
  return (
    <SignInFirst right="audit">
      <div className={entry === null ? undefined : styles.split}>
        <AuditSearch search={search} entry={entry} />
        {entry !== null && <EvidencePanel key={entry} seq={entry} search={search} />}
      </div>
    </SignInFirst>
  );
}

interface Rows {
  readonly size: number;
  readonly entries: readonly AuditEntry[];
  readonly ended: boolean;
}

function AuditSearch({ search, entry }: Props): ReactNode {
  const api = useApi();
  const [rows, setRows] = useState<Rows | null>(null);
  const [fault, setFault] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);

  const load = (kept: readonly AuditEntry[], isCurrent: () => boolean): void => {
    setBusy(true);
    setFault(null);
    api
      .audit(search, kept.at(-1)?.seq ?? null, pageSize)
      .then(
        ({ size, entries }) =>
          isCurrent() && setRows({ size, entries: [...kept, ...entries], ended: entries.length < pageSize }),
        (error: unknown) => isCurrent() && setFault(asApiError(error)),
      )
      .finally(() => isCurrent() && setBusy(false));
  };
  useEffect(() => {
    let current = true;
    const timer = setTimeout(() => load([], () => current), typingMs);
    return () => {
      current = false;
      clearTimeout(timer);
    };
    // `load` closes over the search and the client only.
  }, [search, api]);

  return (
    <Panel title={text.title} aside={rows === null ? undefined : text.size(rows.size)}>
      <h1 className="hidden-text">{text.title}</h1>
      <TextInput
        type="search"
        aria-label={text.search}
        placeholder={`${text.search}: ${text.hint}`}
        maxLength={100}
        value={search}
        onChange={(event) =>
          window.location.replace(routeHref({ page: 'audit', search: event.currentTarget.value, entry }))
        }
      />
      {fault !== null && <RequestFault error={fault} onRetry={() => load(rows?.entries ?? [], () => true)} />}
      {rows === null && fault === null && <Skeleton height={300} />}
      {rows !== null && (
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
              {rows.entries.map((row) => (
                <tr key={row.seq} data-current={row.seq === entry || undefined} className={styles.row}>
                  <td>
                    <a href={routeHref({ page: 'audit', search, entry: row.seq })}>{row.seq}</a>
                  </td>
                  <td>
                    <time dateTime={row.tWall}>{formatDateTime(row.tWall)}</time>
                  </td>
                  <th scope="row">
                    {row.actor.id} <span className={tableStyles.soft}>{row.actor.role}</span>
                  </th>
                  <td>{row.subject?.pseudonym ?? strings.none}</td>
                  <td>
                    {row.action}
                    {row.reason === undefined ? '' : `: ${row.reason}`}
                  </td>
                  <td data-outcome={row.outcome}>{text.outcomes[row.outcome]}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {rows !== null && rows.entries.length === 0 && <p role="status">{text.none}</p>}
      {rows !== null && !rows.ended && (
        <Button variant="default" loading={busy} onClick={() => load(rows.entries, () => true)}>
          {text.older}
        </Button>
      )}
    </Panel>
  );
}
