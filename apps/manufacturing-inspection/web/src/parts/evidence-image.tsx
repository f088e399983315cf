import type { PartRecord } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { imageUrl } from '../session/station-api.js';
import { evidenceImage } from './evidence-picture.js';
import styles from './evidence-image.module.css';

/** The surest defect of a part as a small picture, else the whole part. */
export function EvidenceImage({ record }: { readonly record: PartRecord | null }): ReactNode {
  const image = record === null ? null : evidenceImage(record);
  return (
    <span className={styles.thumbnail}>
      {image && <img src={imageUrl(image.sha256)} alt="" width={56} height={56} loading="lazy" decoding="async" />}
    </span>
  );
}
