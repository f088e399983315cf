import type { ReactNode } from 'react';
import { Mark } from '../shell/mark.js';
import { kitStrings } from '../strings.js';
import styles from './connection-lost.module.css';

interface Props {
  readonly label: string;
  readonly title: string;
  /** Since when, and what to watch meanwhile. */
  readonly detail: string;
}

/** The loudest thing on a page. */
export function ConnectionLost({ label, title, detail }: Props): ReactNode {
  return (
    <section className={styles.lost} aria-label={label}>
      <Mark kind="stop" size={48} />
      <div>
        <p className={styles.title}>{title}</p>
        <p>{detail}</p>
      </div>
      <p className={styles.retry}>{kitStrings.connection.retrying}</p>
    </section>
  );
}
