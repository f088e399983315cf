import { chartFont, formatShortTime, LineChart, Mark, Panel } from '@edge-blueprints/web-kit';
import type { ChartColours } from '@edge-blueprints/web-kit';
import type { SeriesView } from '@edge-blueprints/contracts';
import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import { axisValue, bandOf, shownUnit, besideBand, latestOf, seriesName, seriesValue } from './series-facts.js';
import type { Band } from './series-facts.js';
import styles from './series-panel.module.css';

const text = strings.device;

/** Gauges over time, each in its normal band. */
export function SeriesPanel({
  series,
  className,
}: {
  series: readonly SeriesView[];
  className?: string | undefined;
}): ReactNode {
  return (
    <Panel title={text.series} className={className}>
      {series.length === 0 && <p className={styles.empty}>{text.noSeries}</p>}
      <div className={styles.grid}>
        {series.map((each) => (
          <Sparkline key={each.name} series={each} />
        ))}
      </div>
    </Panel>
  );
}

function Sparkline({ series }: { readonly series: SeriesView }): ReactNode {
  const band = bandOf(series);
  const unit = shownUnit(series);
  const latest = latestOf(series);
  const beside = besideBand(latest, band);
  const low = band?.low ?? null;
  const high = band?.high ?? null;
  const options = useMemo(
    () => sparklineOptions(low === null || high === null ? null : { low, high }, unit),
    [low, high, unit],
  );
  const data = useMemo<[number[], (number | null)[]]>(() => [[...series.at], [...series.values]], [series]);
  const name = seriesName(series.name);
  const value = seriesValue(latest, unit);
  return (
    <figure className={styles.figure}>
      <figcaption>
        <span title={series.name}>{name}</span>
        <strong data-beside={beside ?? undefined}>
          {beside !== null && <Mark kind="act" size={14} />}
          {value}
        </strong>
        <small>
          {band !== null &&
            (beside === 'above'
              ? text.aboveBand
              : beside === 'below'
                ? text.belowBand
                : text.band(seriesValue(band.low, unit), seriesValue(band.high, unit)))}
        </small>
      </figcaption>
      <div className={styles.chart}>
        <LineChart data={data} options={options} label={text.seriesLabel(name, value)} />
      </div>
    </figure>
  );
}

const clockTimes = (_: unknown, splits: readonly number[]): string[] =>
  splits.map((second) => formatShortTime(new Date(second * 1000).toISOString()));

function sparklineOptions(band: Band | null, unit: string) {
  return (colours: ChartColours) => ({
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: true },
      y: {
        range: (_: unknown, min: number, max: number): [number, number] => {
          const low = Math.min(min, band?.low ?? min);
          const high = Math.max(max, band === null ? max : band.high);
          return high > low ? [low, high + (high - low) * 0.06] : [low - 1, high + 1];
        },
      },
    },
    axes: [
      {
        stroke: colours.soft,
        font: chartFont,
        grid: { show: false },
        ticks: { show: false },
        size: 22,
        space: 70,
        values: clockTimes,
      },
      {
        stroke: colours.soft,
        font: chartFont,
        grid: { stroke: colours.line, width: 1 },
        ticks: { show: false },
        size: 50,
        space: 34,
        values: (_: unknown, splits: readonly number[]) => splits.map((split) => axisValue(split, unit)),
      },
    ],
    series: [{}, { stroke: colours.ink, width: 1.5, points: { show: false } }],
    hooks: {
      drawClear: [
        (plot: {
          ctx: CanvasRenderingContext2D;
          bbox: { left: number; top: number; width: number; height: number };
          valToPos(value: number, scale: string, canvas: boolean): number;
        }) => {
          if (band === null) return;
          const { left, width, top, height } = plot.bbox;
          const upper = Math.max(top, plot.valToPos(band.high, 'y', true));
          const lower = Math.min(top + height, plot.valToPos(band.low, 'y', true));
          plot.ctx.fillStyle = colours.track;
          plot.ctx.globalAlpha = 0.45;
          plot.ctx.fillRect(left, upper, width, Math.max(0, lower - upper));
          plot.ctx.globalAlpha = 1;
        },
      ],
    },
  });
}
