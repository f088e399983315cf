import { DistributionChart, formatChance, formatCount, formatFigure, Mark, RangeBar } from '@edge-blueprints/web-kit';
import type { DriftFeature } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import { effectShare } from './drift-order.js';
import styles from './feature-card.module.css';

const text = strings.drift;
const marks = { drifting: 'act', stable: 'ok', 'warming-up': 'wait' } as const;
/** The bar ends at twice the threshold; its mark is the threshold. */
const axis = 2;

export function FeatureCard({ feature }: { readonly feature: DriftFeature }): ReactNode {
  return (
    <article className={styles.card} data-state={feature.state} aria-label={feature.feature}>
      <header>
        <h3>{feature.feature}</h3>
        <span className={styles.state}>
          <Mark kind={marks[feature.state]} size={16} />
          {text.states[feature.state]}
        </span>
      </header>
      <DistributionChart feature={feature} size="small" />
      <dl>
        <div>
          <dt>{text.mean}</dt>
          <dd>
            {text.meanMoved(formatFigure(feature.referenceMean), formatFigure(feature.currentMean, feature.unit))}
          </dd>
        </div>
        <div>
          <dt>
            {text.p} ({feature.test})
          </dt>
          <dd>{formatChance(feature.pValue)}</dd>
        </div>
        <div>
          <dt>{text.effect(feature.effectName)}</dt>
          <dd>
            {formatFigure(feature.effect)} <small>{text.threshold(formatFigure(feature.effectThreshold))}</small>
          </dd>
        </div>
      </dl>
      <RangeBar
        from={0}
        to={effectShare(feature) / axis}
        point={1 / axis}
        tone="plain"
        end={text.samples(formatCount(feature.samples))}
      />
    </article>
  );
}
