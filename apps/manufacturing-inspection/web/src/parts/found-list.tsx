import type { PartRecord } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { formatScore } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import styles from './found-list.module.css';
import { foundClasses } from './found-text.js';

const places = 6;

/** Empty while there is no part. Two columns of three, always as high, so that the page does not move between good and bad parts. */
export function FoundList({ detections }: { readonly detections: PartRecord['detections'] | null }): ReactNode {
  const found = foundClasses(detections ?? []);
  const shown = found.length > places ? found.slice(0, places - 1) : found;
  return (
    <ul className={styles.list}>
      {detections !== null && found.length === 0 && (
        <li className={styles.soft}>
          {detections.length === 0 ? strings.live.nothing : strings.live.below(detections.length)}
        </li>
      )}
      {shown.map(({ label, count, topScore }) => (
        <li key={label}>
          <span className={styles.swatch} aria-hidden="true" />
          <span className={styles.label}>{label}</span>
          <span className={styles.soft}>{count > 1 ? `× ${count}` : ''}</span>
          <span className={styles.score}>{formatScore(topScore)}</span>
        </li>
      ))}
      {found.length > shown.length && <li className={styles.soft}>{strings.live.more(found.length - shown.length)}</li>}
    </ul>
  );
}
