import { Button, Skeleton, TextInput } from '@mantine/core';
import { asApiError, formatDateTime, Panel, RequestFault, tableStyles as tables } from '@edge-blueprints/web-kit';
import type { ApiError } from '@edge-blueprints/web-kit';
import type { AuditEntryView } from '@edge-blueprints/contracts';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { auditExportUrl } from '../session/hub-api.js';
import { useApi } from '../session/session-context.js';
import { strings } from '../strings.js';
import { rewriteAddress } from '../use-hub-route.js';
import { AuditProof } from './audit-proof.js';
import styles from './audit-view.module.css';

const pageSize = 100;
const typingMs = 250;
const text = strings.audit;

interface Rows {
  readonly search: string;
  readonly entries: readonly AuditEntryView[];
  readonly ended: boolean;
}

/** Level 4: who did what, newest first. */
export function AuditView({ search }: { readonly search: string }): ReactNode {
  const api = useApi();
  const [rows, setRows] = useState<Rows | null>(null);
  const [fault, setFault] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);

  const load = (kept: readonly AuditEntryView[], isCurrent: () => boolean): void => {
    setBusy(true);
    setFault(null);
    api
      .audit(search, kept[kept.length - 1]?.id ?? null, pageSize)
      .then(
        (entries) =>
          isCurrent() && setRows({ search, entries: [...kept, ...entries], ended: entries.length < pageSize }),
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
    <div className={styles.view}>
      <h1 className="hidden-text">{text.title}</h1>
      <Panel
        title={text.title}
        aside={
          <a href={auditExportUrl(search)} download>
            {text.export}
          </a>
        }
      >
        <AuditProof />
        <TextInput
          data-search=""
          type="search"
          aria-label={text.search}
          placeholder={`${text.search}: ${text.hint}`}
          className={styles.search ?? ''}
          maxLength={100}
          value={search}
          onChange={(event) => rewriteAddress({ page: 'audit', search: event.currentTarget.value })}
        />
        {fault !== null && <RequestFault error={fault} onRetry={() => load(rows?.entries ?? [], () => true)} />}
        {rows === null && fault === null && <Skeleton height={300} />}
        {rows !== null && rows.entries.length > 0 && <AuditTable entries={rows.entries} />}
        <div className={styles.foot}>
          {rows !== null && rows.entries.length === 0 && <p role="status">{text.none}</p>}
          {rows !== null && rows.entries.length > 0 && rows.ended && <p>{text.end}</p>}
          {rows !== null && !rows.ended && (
            <Button variant="default" loading={busy} onClick={() => load(rows.entries, () => true)}>
              {text.older}
            </Button>
          )}
        </div>
      </Panel>
    </div>
  );
}

function AuditTable({ entries }: { readonly entries: readonly AuditEntryView[] }): ReactNode {
  const { columns } = text;
  return (
    <div className={tables.scroll} tabIndex={0} role="group" aria-label={text.title}>
      <table className={`${tables.table} ${styles.table}`}>
        <thead>
          <tr>
            {[columns.at, columns.who, columns.action, columns.target, columns.detail].map((name) => (
              <th key={name}>{name}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.id}>
              <td>
                <time dateTime={entry.at} title={entry.at}>
                  {formatDateTime(entry.at)}
                </time>
              </td>
              <th scope="row">{entry.who}</th>
              <td>{entry.action}</td>
              <td className="mono">{entry.target}</td>
              <td>{entry.detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
