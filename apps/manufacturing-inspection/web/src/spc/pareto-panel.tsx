import type { ReactNode } from 'react';
import { formatCount, formatPercent, Panel } from '@edge-blueprints/web-kit';
import { useView } from '../feed/feed-context.js';
import { strings } from '../strings.js';
import { paretoRows } from './pareto-data.js';
import styles from './pareto-panel.module.css';

export function ParetoPanel({ className }: { readonly className?: string | undefined }): ReactNode {
  const rows = paretoRows(useView()?.pareto ?? []);
  return (
    <Panel className={className} title={strings.spc.pareto} aside={<span>{strings.spc.paretoCumulative}</span>}>
      {rows.length === 0 ? (
        <p className={styles.none}>{strings.spc.paretoNone}</p>
      ) : (
        <ol className={styles.rows}>
          {rows.map((row) => (
            <li key={row.label}>
              <span className={styles.label}>{row.label}</span>
              <svg className={styles.bar} aria-hidden="true">
                <rect width="100%" height="100%" className={styles.track} />
                <rect width={`${row.length * 100}%`} height="100%" className={styles.fill} />
              </svg>
              <span className={styles.count}>{formatCount(row.count)}</span>
              <span className={styles.cumulative}>{formatPercent(row.cumulativeShare)}</span>
            </li>
          ))}
        </ol>
      )}
    </Panel>
  );
}
