import { useId } from 'react';
import type { ReactNode } from 'react';
import styles from './panel.module.css';

interface Props {
  readonly title: string;
  /** Right end of the title row: a count, a link, a legend. */
  readonly aside?: ReactNode;
  readonly className?: string | undefined;
  readonly children: ReactNode;
}

export function Panel({ title, aside, className, children }: Props): ReactNode {
  const id = useId();
  return (
    <section className={className === undefined ? styles.panel : `${styles.panel} ${className}`} aria-labelledby={id}>
      <header className={styles.head}>
        <h2 id={id}>{title}</h2>
        {aside !== undefined && <div className={styles.aside}>{aside}</div>}
      </header>
      <div className={styles.body}>{children}</div>
    </section>
  );
}
