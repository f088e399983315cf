import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import styles from './bit-grid.module.css';
import type { BitRow } from './bit-rows.js';

interface Props {
  readonly title: string;
  readonly bits: readonly BitRow[];
}

/** Each bit in its fixed place: a filled square is set, a hollow one is clear, an abnormal one says so in amber. */
export function BitGrid({ title, bits }: Props): ReactNode {
  return (
    <div>
      <h3 className={styles.title}>{title}</h3>
      <ul className={styles.bits}>
        {bits.map((bit) => (
          <li key={bit.name} data-set={bit.set} data-abnormal={bit.abnormal || undefined}>
            <span className={styles.lamp} aria-hidden="true" />
            <span className={styles.name}>{bit.name}</span>
            <span className="hidden-text">{bit.set ? strings.plc.set : strings.plc.clear}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
