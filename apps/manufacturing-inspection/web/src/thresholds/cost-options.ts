import uPlot from 'uplot';
import { chartFont, formatCount, formatPercent, formatScore } from '@edge-blueprints/web-kit';
import type { ChartColours } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';

interface Marks {
  readonly current: number;
  readonly candidate: number;
}

/** @param withShares missed defects and false rejects as shares against an axis of their own, on the right */
export function costOptions(
  colours: ChartColours,
  marks: () => Marks,
  withShares: boolean,
): Omit<uPlot.Options, 'width' | 'height'> {
  const steps = uPlot.paths.stepped?.({ align: 1 });
  const axis: uPlot.Axis = {
    stroke: colours.soft,
    font: chartFont,
    grid: { stroke: colours.line, width: 1 },
    ticks: { show: false },
  };
  const line = (plot: uPlot, at: number, colour: string, label: string, dash: number[], row: number): void => {
    const ratio = uPlot.pxRatio;
    const { ctx: context, bbox } = plot;
    const x = plot.valToPos(at, 'x', true);
    context.save();
    context.strokeStyle = colour;
    context.lineWidth = 2 * ratio;
    context.setLineDash(dash.map((each) => each * ratio));
    context.beginPath();
    context.moveTo(x, bbox.top);
    context.lineTo(x, bbox.top + bbox.height);
    context.stroke();
    context.fillStyle = colour;
    context.font = `600 ${12 * ratio}px ${chartFont.slice(chartFont.indexOf(' ') + 1)}`;
    const right = x > bbox.left + bbox.width * 0.8;
    context.textAlign = right ? 'right' : 'left';
    context.fillText(label, x + (right ? -6 : 6) * ratio, bbox.top + (14 + row * 16) * ratio);
    context.restore();
  };
  return {
    cursor: { show: false },
    legend: { show: false },
    padding: [8, 14, 0, 0],
    scales: {
      x: { time: false, range: [0, 1] },
      y: { range: (_plot, _min, max) => [0, Math.max(4, max * 1.08)] },
      share: { range: [0, 1.04] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        label: strings.thresholds.axisX,
        labelFont: chartFont,
        labelSize: 18,
        values: (_, ticks) => ticks.map(formatScore),
      },
      {
        ...axis,
        size: 48,
        values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? formatCount(tick) : '')),
      },
      {
        ...axis,
        show: withShares,
        scale: 'share',
        side: 1,
        size: 56,
        grid: { show: false },
        values: (_, ticks) => ticks.map(formatPercent),
      },
    ],
    series: [
      { label: strings.thresholds.axisX },
      {
        label: strings.thresholds.axisY,
        stroke: colours.ink,
        width: 2,
        points: { show: false },
        ...(steps ? { paths: steps } : {}),
      },
      shareSeries(strings.thresholds.missLine, colours.stop, [], withShares, steps),
      shareSeries(strings.thresholds.falseRejectLine, colours.act, [2, 3], withShares, steps),
    ],
    hooks: {
      draw: [
        (plot) => {
          const { current, candidate } = marks();
          line(plot, current, colours.soft, strings.thresholds.current, [5, 4], 0);
          if (candidate !== current) line(plot, candidate, colours.accent, strings.thresholds.candidate, [], 1);
        },
      ],
    },
  };
}

function shareSeries(
  label: string,
  stroke: string,
  dash: number[],
  show: boolean,
  steps: uPlot.Series.PathBuilder | undefined,
): uPlot.Series {
  const points = { show: false };
  return { label, scale: 'share', stroke, dash, show, width: 1.5, points, ...(steps ? { paths: steps } : {}) };
}
