import type { DriftFeature } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { effectInThresholds } from './drift-order.js';
import styles from './effect-bar.module.css';

/** The threshold stands in the middle; a longer effect than twice the threshold fills the bar. */
const axisThresholds = 2;

/** Decorative: the cell beside it holds the figures. */
export function EffectBar({ feature }: { readonly feature: DriftFeature }): ReactNode {
  const share = Math.min(1, effectInThresholds(feature) / axisThresholds);
  return (
    <svg className={styles.bar} height="14" data-state={feature.state} aria-hidden="true">
      <rect y="5" width="100%" height="4" rx="2" className={styles.track} />
      <rect y="3" width={`${(share * 100).toFixed(1)}%`} height="8" rx="2" className={styles.effect} />
      <rect x={`${100 / axisThresholds}%`} width="3" height="14" className={styles.threshold} />
    </svg>
  );
}
