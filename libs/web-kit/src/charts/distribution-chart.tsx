import type { DriftFeature } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { formatFigure, formatPercent } from '../format.js';
import { kitStrings } from '../strings.js';
import { distributionBins, edgeTexts, fewEdges, largestGap } from './distribution-bins.js';
import type { DistributionBin } from './distribution-bins.js';
import styles from './distribution-chart.module.css';

const text = kitStrings.distribution;
const edgeTextHeight = 20;

interface Props {
  readonly feature: Pick<DriftFeature, 'feature' | 'unit' | 'state' | 'distribution'>;
  /** A small picture writes three edges below its bars and leaves its sentence to screen readers; its page has the legend. */
  readonly size: 'whole' | 'small';
}

/**
 * Reference as grey bars, the last window as a line of steps over them. Bins stand side by side, whatever their width in
 * the unit: they are quantiles of the reference, so that its bars are equal and every step away from them is a change.
 */
export function DistributionChart({ feature, size }: Props): ReactNode {
  const bins = feature.distribution === null ? [] : distributionBins(feature.distribution);
  const gap = largestGap(bins);
  if (gap === null)
    return (
      <p className={styles.none} data-size={size}>
        {feature.state === 'warming-up' ? text.noWindowYet : text.none}
      </p>
    );
  const summary = text.gap(formatPercent(gap.current), formatFigure(gap.edge), formatPercent(gap.reference));
  const height = size === 'whole' ? 130 : 96;
  return (
    <figure className={styles.figure} data-state={feature.state}>
      <svg
        className={styles.chart}
        height={height + edgeTextHeight}
        role="img"
        aria-label={text.chart(feature.feature, summary)}
      >
        <Bars bins={bins} height={height} />
        <Steps bins={bins} height={height} />
        <line x1="0" x2="100%" y1={height} y2={height} className={styles.axis} />
        <Edges bins={bins} height={height} few={size === 'small'} />
      </svg>
      {size === 'whole' && (
        <figcaption>
          <DistributionLegend />
          <span>{summary}</span>
          <span>{text.axis(feature.feature, feature.unit)}</span>
        </figcaption>
      )}
    </figure>
  );
}

interface Drawn {
  readonly bins: readonly DistributionBin[];
  readonly height: number;
}

const across = (index: number, count: number): string => `${((index / count) * 100).toFixed(2)}%`;

function heights({ bins, height }: Drawn): (share: number) => number {
  const highest = Math.max(...bins.flatMap(({ reference, current }) => [reference, current]));
  return (share) => Math.round(height - (share / highest) * (height - 6));
}

function Bars({ bins, height }: Drawn): ReactNode {
  const y = heights({ bins, height });
  return bins.map(({ reference }, i) => (
    <rect
      key={i}
      x={across(i + 0.04, bins.length)}
      width={across(0.92, bins.length)}
      y={y(reference)}
      height={height - y(reference)}
      className={styles.reference}
    />
  ));
}

function Steps({ bins, height }: Drawn): ReactNode {
  const y = heights({ bins, height });
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

function Edges({ bins, height, few }: Drawn & { readonly few: boolean }): ReactNode {
  const edges = bins.flatMap(({ upTo }) => upTo ?? []);
  const shown = fewEdges(edges);
  return edgeTexts(edges).map((edge, i) =>
    few && !shown.has(i) ? null : (
      <text key={i} x={across(i + 1, bins.length)} y={height + 15} textAnchor="middle" className={styles.edge}>
        {edge}
      </text>
    ),
  );
}

export function DistributionLegend(): ReactNode {
  return (
    <span className={styles.legend} aria-hidden="true">
      <svg width="16" height="12">
        <rect y="1" width="16" height="11" className={styles.reference} />
      </svg>
      {text.reference}
      <svg width="16" height="12" className={styles.current}>
        <line x1="0" x2="16" y1="6" y2="6" />
      </svg>
      {text.current}
    </span>
  );
}
