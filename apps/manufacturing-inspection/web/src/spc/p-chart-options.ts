import uPlot from 'uplot';
import { chartFont, formatPercent } from '@edge-blueprints/web-kit';
import type { ChartColours } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';

/** Rule marks: a diamond for a point beyond the limits, a triangle for a run; shape first, colour second. */
function drawMarks(colours: ChartColours): (plot: uPlot) => void {
  return (plot) => {
    const ratio = uPlot.pxRatio;
    const context = plot.ctx;
    const mark = (series: number, colour: string, corners: readonly (readonly [number, number])[]): void => {
      context.fillStyle = colour;
      context.strokeStyle = colours.panel;
      context.lineWidth = 1.5 * ratio;
      for (const [index, value] of (plot.data[series] ?? []).entries()) {
        const at = plot.data[0][index];
        if (value === null || value === undefined || at === undefined) continue;
        const x = plot.valToPos(at, 'x', true);
        const y = plot.valToPos(value, 'y', true);
        context.beginPath();
        for (const [dx, dy] of corners) context.lineTo(x + dx * ratio, y + dy * ratio);
        context.closePath();
        context.fill();
        context.stroke();
      }
    };
    context.save();
    mark(5, colours.stop, [
      [0, -8],
      [8, 0],
      [0, 8],
      [-8, 0],
    ]);
    mark(6, colours.act, [
      [0, -8],
      [8, 6],
      [-8, 6],
    ]);
    context.restore();
  };
}

export function pChartOptions(colours: ChartColours): Omit<uPlot.Options, 'width' | 'height'> {
  const stepPaths = uPlot.paths.stepped?.({ align: 1 });
  const steps = stepPaths ? { paths: stepPaths } : {};
  const limit: uPlot.Series = { stroke: colours.soft, width: 1, dash: [5, 4], points: { show: false }, ...steps };
  const axis: uPlot.Axis = {
    stroke: colours.soft,
    font: chartFont,
    grid: { stroke: colours.line, width: 1 },
    ticks: { show: false },
  };
  return {
    cursor: { show: false },
    legend: { show: false },
    padding: [10, 10, 0, 0],
    scales: {
      x: { time: false, range: (_, min, max) => [min - 0.5, Math.max(max, min + 9) + 0.5] },
      y: { range: (_plot, _min, max) => [0, Math.max(0.01, max) * 1.12] },
    },
    axes: [
      { ...axis, size: 26, grid: { show: false }, incrs: [1, 2, 5, 10, 20, 50] },
      { ...axis, size: 54, values: (_, ticks) => ticks.map(formatPercent) },
    ],
    series: [
      { label: strings.spc.axis },
      {
        label: strings.spc.share,
        stroke: colours.ink,
        width: 1.75,
        points: { show: true, size: 5, fill: colours.ink },
      },
      { ...limit, label: strings.spc.centre, stroke: colours.soft, dash: [] },
      { ...limit, label: strings.spc.limits },
      { ...limit, label: strings.spc.limits },
      { label: strings.spc.beyond, paths: () => null, points: { show: false } },
      { label: strings.spc.run, paths: () => null, points: { show: false } },
    ],
    hooks: { draw: [drawMarks(colours)] },
  };
}
