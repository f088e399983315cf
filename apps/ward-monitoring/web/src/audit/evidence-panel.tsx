import { Skeleton } from '@mantine/core';
import { Mark, Panel, RequestFault, useRequest } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { evidenceUrl, useApi } from '../session/ward-api.js';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import styles from './audit-view.module.css';

const text = strings.audit.evidence;

/** One entry with the state of its proof. The gateway's own checks convince nobody else: the file is for the verifier. */
export function EvidencePanel({ seq, search }: { readonly seq: number; readonly search: string }): ReactNode {
  const api = useApi();
  const { request, reload } = useRequest(String(seq), () => api.evidence(seq));
  return (
    <Panel title={text.title(seq)} aside={<a href={routeHref({ page: 'audit', search, entry: null })}>{text.close}</a>}>
      {request.state === 'loading' && <Skeleton height={300} />}
      {request.state === 'failed' && <RequestFault error={request.error} onRetry={reload} />}
      {request.state === 'done' && (
        <>
          <ul className={styles.checks}>
            {request.value.checks.map(({ what, ok }) => (
              <li key={what}>
                <Mark kind={ok === null ? 'off' : ok ? 'ok' : 'stop'} />
                <span>
                  {text.checks[what]}: <strong>{ok === null ? text.notDone : ok ? text.holds : text.fails}</strong>
                </span>
              </li>
            ))}
          </ul>
          <p>{text.own}</p>
          <p className={styles.acts}>
            <a href={evidenceUrl(seq)} download={`entry-${seq}.json`}>
              {text.export}
            </a>
          </p>
          <h3>{text.entry}</h3>
          <pre className={styles.block} tabIndex={0}>
            {JSON.stringify(request.value.entry, null, 2)}
          </pre>
          <h3>{text.proof(request.value.inclusion.proof.length, request.value.inclusion.size)}</h3>
          <pre className={styles.block} tabIndex={0}>
            {[request.value.leafHash, ...request.value.inclusion.proof].join('\n')}
          </pre>
          <h3>{text.checkpoint}</h3>
          <pre className={styles.block} tabIndex={0}>
            {request.value.checkpoint}
          </pre>
        </>
      )}
    </Panel>
  );
}
