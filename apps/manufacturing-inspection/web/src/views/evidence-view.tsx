import { Button, SegmentedControl } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import type { PartRecord } from '@edge-blueprints/contracts';
import { asApiError, Panel, RequestFault } from '@edge-blueprints/web-kit';
import type { ApiError } from '@edge-blueprints/web-kit';
import { EvidenceTable } from '../parts/evidence-table.js';
import { useApi } from '../session/api-context.js';
import { verdictFilters } from '../shell/route.js';
import type { VerdictFilter } from '../shell/route.js';
import { navigate } from '../shell/use-route.js';
import { strings } from '../strings.js';
import styles from './evidence-view.module.css';

const pageSize = 50;

interface Rows {
  readonly verdict: VerdictFilter;
  readonly parts: readonly PartRecord[];
  readonly ended: boolean;
}

/** Level 4: the stored parts, newest first. The list stands still while somebody reads it; new parts come on request. */
export function EvidenceView({ verdict }: { readonly verdict: VerdictFilter }): ReactNode {
  const api = useApi();
  const [rows, setRows] = useState<Rows | null>(null);
  const [fault, setFault] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const held = rows?.verdict === verdict ? rows : null;

  const load = (kept: readonly PartRecord[], isCurrent: () => boolean): void => {
    setBusy(true);
    setFault(null);
    api
      .parts(verdict, kept[kept.length - 1]?.resultId ?? null, pageSize)
      .then(
        (parts) => isCurrent() && setRows({ verdict, parts: [...kept, ...parts], ended: parts.length < pageSize }),
        (error: unknown) => isCurrent() && setFault(asApiError(error)),
      )
      .finally(() => isCurrent() && setBusy(false));
  };
  useEffect(() => {
    let current = true;
    load([], () => current);
    return () => {
      current = false;
    };
    // `load` closes over the verdict and the client only.
  }, [verdict, api]);

  return (
    <div className={styles.view}>
      <h1 className="hidden-text">{strings.evidence.title}</h1>
      <Panel
        title={strings.evidence.title}
        aside={
          <Button variant="default" size="sm" onClick={() => load([], () => true)} loading={busy}>
            {strings.evidence.refresh}
          </Button>
        }
      >
        <SegmentedControl
          aria-label={strings.evidence.filters}
          className={styles.filter ?? ''}
          value={verdict}
          onChange={(value) => {
            const chosen = verdictFilters.find((filter) => filter === value);
            if (chosen) navigate({ page: 'evidence', verdict: chosen });
          }}
          data={verdictFilters.map((value) => ({
            value,
            label: value === 'all' ? strings.evidence.all : strings.verdict[value],
          }))}
        />
        {fault !== null && <RequestFault error={fault} onRetry={() => load(held?.parts ?? [], () => true)} />}
        <EvidenceTable parts={held?.parts ?? null} />
        <div className={styles.foot}>
          {held !== null && held.parts.length === 0 && <p>{strings.evidence.none}</p>}
          {held !== null && held.parts.length > 0 && held.ended && <p>{strings.evidence.end}</p>}
          {held !== null && !held.ended && (
            <Button variant="default" loading={busy} onClick={() => load(held.parts, () => true)}>
              {strings.evidence.older}
            </Button>
          )}
        </div>
      </Panel>
    </div>
  );
}
