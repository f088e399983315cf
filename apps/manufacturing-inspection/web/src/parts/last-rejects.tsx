import type { PartSummary, StationView } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { formatTime, Panel } from '@edge-blueprints/web-kit';
import { useView } from '../feed/feed-context.js';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import { EvidenceImage } from './evidence-image.js';
import styles from './last-rejects.module.css';
import { PartThumbnail } from './part-thumbnail.js';
import { oldestFirst } from './strip-ring.js';
import { useRowsThatFit } from './use-rows-that-fit.js';

const rowPx = 64;
const storeMs = 1_500;

/** A part reaches the strip before its record reaches the store: its picture is asked for a moment later. */
function isStored(part: PartSummary, view: StationView | null): boolean {
  return view !== null && Date.parse(view.at) - Date.parse(part.at) > storeMs;
}

export function LastRejects({ className }: { readonly className?: string | undefined }): ReactNode {
  const view = useView();
  const { box, rows } = useRowsThatFit<HTMLOListElement>(rowPx);
  const rejects: readonly PartSummary[] = [...oldestFirst(view?.lastRejects ?? [])].reverse().slice(0, rows);
  return (
    <Panel
      className={className}
      title={strings.rejects.title}
      aside={<a href={routeHref({ page: 'evidence', verdict: 'reject' })}>{strings.rejects.all}</a>}
    >
      <ol ref={box} className={styles.list}>
        {view?.lastRejects.length === 0 && <li className={styles.none}>{strings.rejects.none}</li>}
        {rejects.map((part) => (
          <li key={part.resultId}>
            <a className={styles.row} href={routeHref({ page: 'part', resultId: part.resultId })}>
              {isStored(part, view) ? <PartThumbnail resultId={part.resultId} /> : <EvidenceImage record={null} />}
              <span className={styles.text}>
                <strong>{part.partId}</strong>
                <span>{part.reason}</span>
              </span>
              <span className={styles.side}>
                {formatTime(part.at)}
                {part.overruled && <small>{strings.verdict.overruled}</small>}
              </span>
            </a>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
