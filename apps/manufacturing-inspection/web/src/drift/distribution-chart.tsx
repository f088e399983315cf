import type { DriftFeature } from '@edge-blueprints/contracts';
import { formatPercent } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import { distributionBins, edgeTexts, largestGap } from './distribution-bins.js';
import type { DistributionBin } from './distribution-bins.js';
import styles from './distribution-chart.module.css';
import { formatFigure } from './format-figure.js';

const text = strings.drift;
const chartHeight = 130;
const edgeTextHeight = 20;

/**
 * Reference as grey bars, the last window as a line of steps over them. Bins stand side by side, whatever their width in
 * the unit: they are quantiles of the reference, so that its bars are equal and every step away from them is a change.
 */
export function DistributionChart({ feature }: { readonly feature: DriftFeature }): ReactNode {
  const bins = feature.distribution === null ? [] : distributionBins(feature.distribution);
  const gap = largestGap(bins);
  if (gap === null)
    return <p className={styles.none}>{feature.state === 'warming-up' ? text.noWindowYet : text.noDistribution}</p>;
  const summary = text.gap(formatPercent(gap.current), formatFigure(gap.edge), formatPercent(gap.reference));
  return (
    <figure className={styles.figure} data-state={feature.state}>
      <svg
        className={styles.chart}
        height={chartHeight + edgeTextHeight}
        role="img"
        aria-label={text.chart(feature.feature, summary)}
      >
        <Bars bins={bins} />
        <Steps bins={bins} />
        <line x1="0" x2="100%" y1={chartHeight} y2={chartHeight} className={styles.axis} />
        <Edges bins={bins} />
      </svg>
      <figcaption>
        <Legend />
        <span>{summary}</span>
        <span>{text.axis(feature.feature, feature.unit)}</span>
      </figcaption>
    </figure>
  );
}

interface BinsOf {
  readonly bins: readonly DistributionBin[];
}

const across = (index: number, count: number): string => `${((index / count) * 100).toFixed(2)}%`;

function heights(bins: readonly DistributionBin[]): (share: number) => number {
  const highest = Math.max(...bins.flatMap(({ reference, current }) => [reference, current]));
  return (share) => Math.round(chartHeight - (share / highest) * (chartHeight - 6));
}

function Bars({ bins }: BinsOf): ReactNode {
  const y = heights(bins);
  return bins.map(({ reference }, i) => (
    <rect
      key={i}
      x={across(i + 0.04, bins.length)}
      width={across(0.92, bins.length)}
      y={y(reference)}
      height={chartHeight - y(reference)}
      className={styles.reference}
    />
  ));
}

function Steps({ bins }: BinsOf): ReactNode {
  const y = heights(bins);
  return bins.map(({ current }, i) => {
    const x = across(i, bins.length);
    const at = y(current);
    return (
      <g key={i} className={styles.current}>
        <line x1={x} x2={x} y1={y(bins[i - 1]?.current ?? 0)} y2={at} />
        <line x1={x} x2={across(i + 1, bins.length)} y1={at} y2={at} />
      </g>
    );
  });
}

function Edges({ bins }: BinsOf): ReactNode {
  const edges = bins.flatMap(({ upTo }) => upTo ?? []);
  return edgeTexts(edges).map((edge, i) => (
    <text key={i} x={across(i + 1, bins.length)} y={chartHeight + 15} textAnchor="middle" className={styles.edge}>
      {edge}
    </text>
  ));
}

function Legend(): ReactNode {
  return (
    <span className={styles.legend} aria-hidden="true">
      <svg width="16" height="12">
        <rect y="1" width="16" height="11" className={styles.reference} />
      </svg>
      {text.reference}
      <svg width="16" height="12" className={styles.current}>
        <line x1="0" x2="16" y1="6" y2="6" />
      </svg>
      {text.lastWindow}
    </span>
  );
}
