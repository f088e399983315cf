import type { PartRecord } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { formatScore } from '../format.js';
import { strings } from '../strings.js';
import styles from './found-list.module.css';
import { foundClasses } from './found-text.js';

const rows = 3;

/** Always three lines high, so that the page does not move between good and bad parts. */
export function FoundList({ detections }: { readonly detections: PartRecord['detections'] }): ReactNode {
  const found = foundClasses(detections);
  const shown = found.length > rows ? found.slice(0, rows - 1) : found;
  return (
    <ul className={styles.list}>
      {found.length === 0 && <li className={styles.soft}>{strings.live.nothing}</li>}
      {shown.map(({ label, count, topScore }) => (
        <li key={label}>
          <span className={styles.swatch} aria-hidden="true" />
          <span className={styles.label}>{label}</span>
          <span className={styles.soft}>{count > 1 ? `× ${count}` : ''}</span>
          <span className={styles.score}>{formatScore(topScore)}</span>
        </li>
      ))}
      {found.length > shown.length && (
        <li className={styles.soft}>{strings.live.more(found.length - shown.length)}</li>
      )}
    </ul>
  );
}
