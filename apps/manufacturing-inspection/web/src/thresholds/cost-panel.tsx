import type { IntervalView, ThresholdCostPoint } from '@edge-blueprints/contracts';
import { Skeleton } from '@mantine/core';
import { useCallback, useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import type uPlot from 'uplot';
import { formatCount, formatPercent, formatScore, LineChart, Panel } from '@edge-blueprints/web-kit';
import type { ChartColours } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import { costColumns, costOfMoving } from './cost-data.js';
import { costOptions } from './cost-options.js';
import styles from './cost-panel.module.css';

interface Props {
  /** `null` while they are on their way. */
  readonly points: readonly ThresholdCostPoint[] | null;
  readonly current: number;
  readonly candidate: number;
}

const text = strings.thresholds;

export function CostPanel({ points, current, candidate }: Props): ReactNode {
  const cost = costOfMoving(points ?? [], current, candidate);
  const marks = useRef({ current, candidate });
  marks.current = { current, candidate };
  const withShares = points?.some((point) => point.missShare ?? point.falseRejectShare) ?? false;
  const options = useCallback(
    (colours: ChartColours) => costOptions(colours, () => marks.current, withShares),
    [withShares],
  );
  const data = useMemo<uPlot.AlignedData>(() => {
    const { x, rejects, missed, falseRejects } = costColumns(points ?? []);
    return [x, rejects, missed, falseRejects];
    // The marks are drawn with the data, so moving the knob feeds the chart again.
  }, [points, current, candidate]);
  const empty = points !== null && (points.length === 0 || cost === null || cost.now.of === 0);
  return (
    <Panel title={text.costTitle} aside={<span>{text.costChart}</span>}>
      <div className={styles.body}>
        <dl className={styles.figures}>
          <Figure name={`${text.costNow} ${formatScore(current)}`} point={cost?.now ?? null} />
          <Figure name={`${text.costThen} ${formatScore(candidate)}`} point={cost?.then ?? null} />
          <div className={styles.change}>
            <dt>{text.costChange}</dt>
            <dd>{cost === null ? strings.none : changeText(cost.rejectsChange)}</dd>
          </div>
        </dl>
        <div className={styles.chart}>
          {points === null && <Skeleton height="100%" />}
          {empty && <p className={styles.note}>{text.costNone}</p>}
          {points !== null && !empty && (
            <LineChart
              data={data}
              options={options}
              label={`${text.costChart}. ${sentence(cost)}${shareSentence(cost?.then ?? null)}`}
            />
          )}
        </div>
      </div>
      <p className={styles.note}>{text.scope}</p>
    </Panel>
  );
}

function changeText(change: number): string {
  if (change === 0) return text.costSame;
  return text.costRejects(`${change > 0 ? '+' : '−'}${formatCount(Math.abs(change))}`);
}

/** `2.5 % [1.1, 5.6], 4 of 160` */
function shareText({ count, of, share, low, high }: IntervalView): string {
  return text.shareWithin(
    formatPercent(share),
    formatPercent(low),
    formatPercent(high),
    formatCount(count),
    formatCount(of),
  );
}

function sentence(cost: ReturnType<typeof costOfMoving>): string {
  return cost === null
    ? ''
    : `${text.costOf(formatCount(cost.now.rejects), formatCount(cost.now.of))}, ${changeText(cost.rejectsChange)}`;
}

/** What the lines of the shares say at the new value, for those who do not see the chart. */
function shareSentence(point: ThresholdCostPoint | null): string {
  const miss = point?.missShare ? `. ${text.miss}: ${shareText(point.missShare)}` : '';
  return `${miss}${point?.falseRejectShare ? `. ${text.falseReject}: ${shareText(point.falseRejectShare)}` : ''}`;
}

function Figure({ name, point }: { readonly name: string; readonly point: ThresholdCostPoint | null }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {point === null ? strings.none : formatCount(point.rejects)}
        <small>
          {point === null || point.of === 0
            ? ''
            : `${text.costOf('', formatCount(point.of)).trim()}, ${formatPercent(point.rejects / point.of)}`}
        </small>
        {point !== null && point.missShare !== null && <small>{`${text.miss} ${shareText(point.missShare)}`}</small>}
        {point !== null && point.falseRejectShare !== null && (
          <small>{`${text.falseReject} ${shareText(point.falseRejectShare)}`}</small>
        )}
      </dd>
    </div>
  );
}
