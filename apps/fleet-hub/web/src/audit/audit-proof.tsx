import { Button } from '@mantine/core';
import { asApiError, formatTime, Mark, RequestFault } from '@edge-blueprints/web-kit';
import type { ApiError } from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { useApi } from '../session/session-context.js';
import { strings } from '../strings.js';
import styles from './audit-view.module.css';
import { proofWords } from './proof-words.js';
import type { ProofWords } from './proof-words.js';

const text = strings.audit.proof;

/** Lets the hub walk its hash chain, and says what it found. */
export function AuditProof(): ReactNode {
  const api = useApi();
  const [found, setFound] = useState<(ProofWords & { readonly at: string }) | null>(null);
  const [fault, setFault] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const check = (): void => {
    setBusy(true);
    setFault(null);
    setFound(null);
    api
      .verifyAudit()
      .then((proof) => setFound({ ...proofWords(proof), at: new Date().toISOString() }))
      .catch((error: unknown) => setFault(asApiError(error)))
      .finally(() => setBusy(false));
  };
  return (
    <div className={styles.proof}>
      <Button variant="default" loading={busy} onClick={check}>
        {text.check}
      </Button>
      <div role="status" className={styles.verdict} data-mark={found?.mark}>
        {found === null && fault === null && <p>{text.why}</p>}
        {found !== null && (
          <>
            <Mark kind={found.mark} size={22} />
            <p>
              <strong>{found.verdict}</strong> {found.detail} {text.at(formatTime(found.at))}
            </p>
          </>
        )}
      </div>
      {fault !== null && <RequestFault error={fault} />}
    </div>
  );
}
