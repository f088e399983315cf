import type { PartSummary } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { useView } from '../feed/feed-context.js';
import { formatTime } from '../format.js';
import { Panel } from '../shell/panel.js';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import styles from './last-rejects.module.css';
import { PartThumbnail } from './part-thumbnail.js';
import { oldestFirst } from './strip-ring.js';

const shown = 8;

export function LastRejects({ className }: { readonly className?: string | undefined }): ReactNode {
  const view = useView();
  const rejects: readonly PartSummary[] = [...oldestFirst(view?.lastRejects ?? [])].reverse().slice(0, shown);
  return (
    <Panel
      className={className}
      title={strings.rejects.title}
      aside={<a href={routeHref({ page: 'evidence', verdict: 'reject' })}>{strings.rejects.all}</a>}
    >
      <ol className={styles.list}>
        {rejects.length === 0 && <li className={styles.none}>{strings.rejects.none}</li>}
        {rejects.map((part) => (
          <li key={part.resultId}>
            <a className={styles.row} href={routeHref({ page: 'part', resultId: part.resultId })}>
              <PartThumbnail resultId={part.resultId} />
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
