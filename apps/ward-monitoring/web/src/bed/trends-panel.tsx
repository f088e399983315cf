import { Button, SegmentedControl, Skeleton } from '@mantine/core';
import type { BedHistory } from '@edge-blueprints/contracts';
import {
  chartFont,
  formatShortTime,
  LineChart,
  Panel,
  RequestFault,
  useRequest,
  useSession,
} from '@edge-blueprints/web-kit';
import type { ChartColours } from '@edge-blueprints/web-kit';
import { useEffect, useMemo, useState } from 'react';
import type { ReactNode } from 'react';
import { useApi } from '../session/ward-api.js';
import { usePerson } from '../session/ward-session.js';
import { strings } from '../strings.js';
import styles from './trends-panel.module.css';

const text = strings.trends;
const hours = ['4', '12', '24'] as const;
const reloadMs = 60_000;

const charts = [
  { name: 'score', series: ['scoreLo', 'scoreHi'], range: [0, 20] },
  { name: 'pulse', series: ['pulse'], range: [40, 140] },
  { name: 'oxygenSaturation', series: ['oxygenSaturation'], range: [84, 100] },
  { name: 'respiration', series: ['respiration'], range: [6, 32] },
  { name: 'systolic', series: ['systolic'], range: [80, 200] },
  { name: 'temperature', series: ['temperature'], range: [35, 40] },
] as const;
type Chart = (typeof charts)[number];

interface Props {
  readonly bed: string;
  readonly className?: string | undefined;
}

/** Hours of a patient are for people who are signed in; the values of this moment are for everybody at the station. */
export function TrendsPanel({ bed, className }: Props): ReactNode {
  const person = usePerson();
  const session = useSession();
  if (person?.may.includes('history') === true) return <Trends bed={bed} className={className} />;
  return (
    <Panel title={text.title} className={className}>
      <p>{person === null ? text.signInFirst : strings.signIn.notYours(person.role)}</p>
      {person === null && <Button onClick={() => void session.signIn()}>{strings.shell.signIn}</Button>}
    </Panel>
  );
}

/** Hours of each signal, one above the other on one time axis. */
function Trends({ bed, className }: Props): ReactNode {
  const api = useApi();
  const [span, setSpan] = useState<string>('12');
  const { request, reload } = useRequest(`${bed}/${span}`, () => api.history(bed, Number(span)));
  useEffect(() => {
    const timer = setInterval(reload, reloadMs);
    return () => clearInterval(timer);
  }, [reload]);
  return (
    <Panel
      title={text.title}
      className={className}
      aside={
        <SegmentedControl
          aria-label={text.hours}
          value={span}
          onChange={setSpan}
          data={hours.map((value) => ({ value, label: text.span(value) }))}
        />
      }
    >
      {request.state === 'loading' && <Skeleton height={560} />}
      {request.state === 'failed' && <RequestFault error={request.error} onRetry={reload} />}
      {request.state === 'done' &&
        charts.map((chart) => <Trend key={chart.name} chart={chart} history={request.value} />)}
    </Panel>
  );
}

function Trend({ chart, history }: { readonly chart: Chart; readonly history: BedHistory }): ReactNode {
  const data = useMemo<[number[], ...(number | null)[][]]>(() => {
    const columns = chart.series.map((name) => [...history.series[name]]);
    const at = (columns[0] ?? []).map((_, i) => (history.fromMs + i * history.stepMs) / 1_000);
    return [at, ...columns];
  }, [chart, history]);
  const options = useMemo(() => trendOptions(chart), [chart]);
  const last = chart.series.map((name) => history.series[name].findLast((value) => value !== null) ?? null);
  return (
    <figure className={styles.figure}>
      <figcaption>
        <span>{text.names[chart.name]}</span>
        <span className={styles.unit}>{text.units[chart.name]}</span>
      </figcaption>
      <div className={styles.chart}>
        <LineChart data={data} options={options} label={text.label(text.names[chart.name], last.join('–'))} />
      </div>
    </figure>
  );
}

function trendOptions(chart: Chart) {
  return (colours: ChartColours) => ({
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: true },
      y: {
        range: (_: unknown, min: number | null, max: number | null): [number, number] => [
          Math.min(min ?? chart.range[0], chart.range[0]),
          Math.max(max ?? chart.range[1], chart.range[1]),
        ],
      },
    },
    axes: [
      {
        stroke: colours.soft,
        font: chartFont,
        grid: { stroke: colours.line, width: 1 },
        ticks: { show: false },
        size: 20,
        space: 70,
        values: (_: unknown, splits: readonly number[]) =>
          splits.map((second) => formatShortTime(new Date(second * 1_000).toISOString())),
      },
      {
        stroke: colours.soft,
        font: chartFont,
        grid: { stroke: colours.line, width: 1 },
        ticks: { show: false },
        size: 40,
        space: 24,
      },
    ],
    series: [{}, ...chart.series.map(() => ({ stroke: colours.ink, width: 1.5, points: { show: false } }))],
    // What cannot be excluded lies between the two lines of the score.
    bands: chart.series.length > 1 ? [{ series: [2, 1] as [number, number], fill: colours.track }] : [],
  });
}
