import type { ReactNode } from 'react';
import { Mark } from '../shell/mark.js';
import styles from './kpi-tiles.module.css';

interface Props {
  readonly name: string;
  readonly value: string;
  readonly beside?: string;
  readonly detail: string;
  readonly asks?: boolean;
  readonly children: ReactNode;
}

export function KpiTile({ name, value, beside, detail, asks = false, children }: Props): ReactNode {
  return (
    <div className={styles.tile} data-asks={asks || undefined}>
      <h2>{name}</h2>
      <p className={styles.value}>
        {asks && <Mark kind="act" size={26} />}
        <span>{value}</span>
        {beside !== undefined && <small>{beside}</small>}
      </p>
      {children}
      <p className={styles.detail} title={detail}>
        {detail}
      </p>
    </div>
  );
}
