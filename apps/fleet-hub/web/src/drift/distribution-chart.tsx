import type { DriftFeature } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import { distributionBins, labelledEdges } from './distribution-bars.js';
import styles from './distribution-chart.module.css';
import { formatFigure } from './format-figure.js';

const width = 400;
const height = 120;

/** Reference as a grey area, the present as a line over it; bins stand side by side, whatever their width in the unit. */
export function DistributionChart({ feature }: { readonly feature: DriftFeature }): ReactNode {
  const bins = distributionBins(feature.distribution);
  if (bins.length === 0) return <p className={styles.none}>{strings.drift.noDistribution}</p>;
  const highest = Math.max(...bins.flatMap(({ reference, current }) => [reference, current]), 1e-9);
  const step = width / bins.length;
  const y = (share: number): string => (height - (share / highest) * (height - 6)).toFixed(1);
  const outline = bins
    .map(
      ({ current }, index) =>
        `${index === 0 ? 'M' : 'L'}${(index * step).toFixed(1)} ${y(current)}H${((index + 1) * step).toFixed(1)}`,
    )
    .join('');
  const label = strings.drift.chart(
    feature.feature,
    formatFigure(feature.referenceMean, feature.unit),
    formatFigure(feature.currentMean, feature.unit),
  );
  return (
    <div className={styles.box}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        preserveAspectRatio="none"
        className={styles.chart}
        role="img"
        aria-label={label}
      >
        {bins.map(({ reference }, index) => (
          <rect
            key={index}
            x={index * step + 0.5}
            width={Math.max(0.5, step - 1)}
            y={y(reference)}
            height={height - Number(y(reference))}
            className={styles.reference}
          />
        ))}
        <path d={outline} className={styles.current} data-state={feature.state} vectorEffect="non-scaling-stroke" />
        <path d={`M0 ${height}H${width}`} className={styles.axis} vectorEffect="non-scaling-stroke" />
      </svg>
      <div className={styles.edges} aria-hidden="true">
        {labelledEdges(bins).map(({ at, value }) => (
          <span key={at} style={{ left: `${(at * 100).toFixed(1)}%` }}>
            {formatFigure(value, '')}
          </span>
        ))}
      </div>
    </div>
  );
}

export function DistributionLegend(): ReactNode {
  return (
    <span className={styles.legend}>
      <span>
        <i className={styles.referenceSwatch} />
        {strings.drift.reference}
      </span>
      <span>
        <i className={styles.currentSwatch} />
        {strings.drift.current}
      </span>
    </span>
  );
}
