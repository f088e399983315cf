import type { ReactNode } from 'react';
import type { Connection } from '../feed/staleness.js';
import { kitStrings } from '../strings.js';
import styles from './page-frame.module.css';

interface Props {
  readonly page: string;
  readonly connection: Connection;
  readonly kiosk: boolean;
  /** Header and state bar; they keep their place and their colour. */
  readonly head: ReactNode;
  readonly children: ReactNode;
  /** Live regions behind the content. */
  readonly foot?: ReactNode;
}

/** Skip link, head and content of a page. What is no longer true loses its colour. */
export function PageFrame({ page, connection, kiosk, head, children, foot }: Props): ReactNode {
  return (
    <div className={kiosk ? `${styles.app} ${styles.kiosk}` : styles.app} data-connection={connection}>
      <a className={styles.skip} href="#content" onClick={skipToContent}>
        {kitStrings.skip}
      </a>
      {head}
      <main id="content" tabIndex={-1} className={styles.main} data-page={page}>
        {children}
      </main>
      {foot}
    </div>
  );
}

/** The hash belongs to the router, so the skip link moves the focus itself. */
function skipToContent(event: { preventDefault(): void }): void {
  event.preventDefault();
  document.getElementById('content')?.focus();
}
