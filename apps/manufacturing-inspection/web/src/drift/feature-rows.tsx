import { Button, Skeleton } from '@mantine/core';
import type { DriftFeature, DriftView } from '@edge-blueprints/contracts';
import {
  DistributionChart,
  formatChance,
  formatCount,
  formatFigure,
  Mark,
  RequestFault,
} from '@edge-blueprints/web-kit';
import { Fragment, useState } from 'react';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import { orderFeatures } from './drift-order.js';
import { EffectBar } from './effect-bar.js';
import styles from './feature-rows.module.css';
import { useDistributions } from './use-distributions.js';

const text = strings.drift;
const marks = { drifting: 'act', stable: 'ok', 'warming-up': 'wait' } as const;
const columns = 6;

/** One row a feature; the button at its end unfolds the two distributions. */
export function FeatureRows({ drift }: { readonly drift: DriftView }): ReactNode {
  const [open, setOpen] = useState<string | null>(null);
  const chartId = (feature: string): string => `distribution-${feature}`;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">{text.feature}</th>
          <th scope="col">{text.state}</th>
          <th scope="col" className={styles.wide}>
            {text.effect}
          </th>
          <th scope="col">{text.mean}</th>
          <th scope="col" title={text.chanceDetail}>
            {text.chance}
          </th>
          <th scope="col">
            <span className="hidden-text">{text.distribution}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {orderFeatures(drift.features).map((feature) => {
          const isOpen = open === feature.feature;
          return (
            <Fragment key={feature.feature}>
              <FeatureRow feature={feature} windowParts={drift.windowParts}>
                <Button
                  variant="default"
                  aria-expanded={isOpen}
                  aria-controls={isOpen ? chartId(feature.feature) : undefined}
                  onClick={() => setOpen(isOpen ? null : feature.feature)}
                >
                  {isOpen ? text.hide : text.show}
                  <span className="hidden-text">
                    &nbsp;{isOpen ? text.hideOf(feature.feature) : text.showOf(feature.feature)}
                  </span>
                </Button>
              </FeatureRow>
              {isOpen && (
                <tr id={chartId(feature.feature)} className={styles.unfolded}>
                  <td colSpan={columns}>
                    <Unfolded drift={drift} name={feature.feature} />
                  </td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly feature: DriftFeature;
  readonly windowParts: number;
  readonly children: ReactNode;
}

function FeatureRow({ feature, windowParts, children }: RowProps): ReactNode {
  const warming = feature.state === 'warming-up';
  const threshold = text.threshold(formatFigure(feature.effectThreshold));
  return (
    <tr data-state={feature.state}>
      <th scope="row">{feature.feature}</th>
      <td>
        <span className={styles.state}>
          <Mark kind={marks[feature.state]} size={16} />
          {warming ? text.progress(formatCount(feature.samples), formatCount(windowParts)) : text.states[feature.state]}
        </span>
      </td>
      <td>
        <EffectBar feature={feature} />
        <span className={styles.small}>
          {warming ? threshold : `${formatFigure(feature.effect)}, ${threshold}`} · {feature.effectName}
        </span>
      </td>
      <td>
        {warming ? strings.none : formatFigure(feature.currentMean)}
        <span className={styles.small}>
          {text.referenceMean(formatFigure(feature.referenceMean))} · {feature.unit}
        </span>
      </td>
      <td>
        {warming ? strings.none : formatChance(feature.pValue)}
        <span className={styles.small}>{feature.test}</span>
      </td>
      <td className={styles.button}>{children}</td>
    </tr>
  );
}

function Unfolded({ drift, name }: { readonly drift: DriftView; readonly name: string }): ReactNode {
  const { features, error, reload } = useDistributions(drift);
  if (error !== null) return <RequestFault error={error} onRetry={reload} />;
  const feature = features?.find((each) => each.feature === name);
  if (feature === undefined) return <Skeleton height={190} my={8} aria-busy="true" />;
  return <DistributionChart feature={feature} size="whole" />;
}
