import { Button, Skeleton } from '@mantine/core';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { RequestFault } from '@edge-blueprints/web-kit';
import { DetectionTable } from '../parts/detection-table.js';
import { OverruleDialog } from '../parts/overrule-dialog.js';
import { PartCompare } from '../parts/part-compare.js';
import { PartHead } from '../parts/part-head.js';
import { PartStory } from '../parts/part-story.js';
import { usePartRecord } from '../parts/use-part-record.js';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import { PartTimings } from '../timing/part-timings.js';
import styles from './part-view.module.css';

/** Level 4: everything that is known about one part, under an address that can be shared. */
export function PartView({ resultId }: { readonly resultId: string }): ReactNode {
  const { request, reload } = usePartRecord(resultId);
  const [highlight, setHighlight] = useState(-1);
  const [overruling, setOverruling] = useState(false);
  if (request.state === 'failed')
    return (
      <div className={styles.fault}>
        <h1 className="hidden-text">{strings.part.title(resultId)}</h1>
        <RequestFault error={request.error} onRetry={reload} />
        <Button component="a" variant="default" href={routeHref({ page: 'evidence', verdict: 'all' })}>
          {strings.part.back}
        </Button>
      </div>
    );
  if (request.state === 'loading')
    return (
      <div className={styles.grid} aria-busy="true" aria-label={strings.part.loading}>
        <Skeleton className={styles.head ?? ''} height={84} />
        <Skeleton className={styles.picture ?? ''} height={640} />
        <Skeleton className={styles.side ?? ''} height={640} />
      </div>
    );
  const record = request.value;
  return (
    <div className={styles.grid}>
      <PartHead className={styles.head} record={record} onOverrule={() => setOverruling(true)} />
      <PartCompare className={styles.picture} record={record} highlight={highlight} />
      <div className={styles.side}>
        <DetectionTable record={record} highlight={highlight} onHighlight={setHighlight} />
        <PartTimings record={record} />
        <PartStory record={record} />
      </div>
      <OverruleDialog
        record={record}
        opened={overruling}
        onClose={(done) => {
          setOverruling(false);
          if (done) reload();
        }}
      />
    </div>
  );
}
