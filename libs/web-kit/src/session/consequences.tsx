import type { ReactNode } from 'react';
import { kitStrings } from '../strings.js';
import styles from './form.module.css';

/** Acts say what will happen before they are confirmed. */
export function Consequences({ lines }: { readonly lines: readonly string[] }): ReactNode {
  return (
    <section className={styles.consequences}>
      <h3>{kitStrings.consequences}</h3>
      <ul>
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
  );
}
