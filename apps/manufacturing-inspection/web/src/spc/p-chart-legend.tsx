import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import styles from './p-chart-panel.module.css';

export function PChartLegend(): ReactNode {
  const entry = (name: string, shape: ReactNode): ReactNode => (
    <li>
      <svg width="18" height="14" viewBox="0 0 18 14" aria-hidden="true">
        {shape}
      </svg>
      {name}
    </li>
  );
  return (
    <ul className={styles.legend}>
      {entry(strings.spc.limits, <path d="M0 7h18" className={styles.limit} />)}
      {entry(strings.spc.beyond, <path d="m9 0 7 7-7 7-7-7z" className={styles.beyond} />)}
      {entry(strings.spc.run, <path d="m9 1 8 12H1z" className={styles.run} />)}
    </ul>
  );
}
