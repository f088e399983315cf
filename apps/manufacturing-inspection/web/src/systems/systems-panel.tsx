import type { ReactNode } from 'react';
import { Mark, Panel } from '@edge-blueprints/web-kit';
import { useView } from '../feed/feed-context.js';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import { systemRows } from './system-rows.js';
import styles from './systems-panel.module.css';

export function SystemsPanel({ className }: { readonly className?: string | undefined }): ReactNode {
  const view = useView();
  return (
    <Panel
      className={className}
      title={strings.systems.title}
      aside={<a href={routeHref({ page: 'health' })}>{strings.systems.details}</a>}
    >
      <ul className={styles.rows}>
        {(view === null ? [] : systemRows(view)).map((row) => (
          <li key={row.name} data-state={row.state}>
            <Mark kind={row.state} size={18} />
            <span className={styles.name}>{row.name}</span>
            <span className={styles.word}>{row.word}</span>
            <span className={styles.detail} title={row.title ?? row.detail}>
              {row.detail}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
