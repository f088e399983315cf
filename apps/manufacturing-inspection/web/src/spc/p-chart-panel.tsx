import { useMemo } from 'react';
import type { ReactNode } from 'react';
import { formatCount, formatPercent, formatShortTime, LineChart, Panel } from '@edge-blueprints/web-kit';
import { useView } from '../feed/feed-context.js';
import { strings } from '../strings.js';
import { PChartLegend } from './p-chart-legend.js';
import { pChartColumns } from './p-chart-data.js';
import { pChartOptions } from './p-chart-options.js';
import styles from './p-chart-panel.module.css';

export function PChartPanel({ className }: { readonly className?: string | undefined }): ReactNode {
  const points = useView()?.pChart ?? [];
  const stamp = points.map((point) => `${point.at}/${point.rejected}/${point.inspected}`).join();
  // The feed makes new objects four times a second; the chart is fed only when a subgroup has changed.
  const data = useMemo<[number[], ...(number | null)[][]]>(() => {
    const columns = pChartColumns(points);
    return [columns.x, columns.share, columns.centre, columns.low, columns.high, columns.beyond, columns.run];
  }, [stamp]);
  const last = points[points.length - 1];
  const broken = points.filter((point) => point.signals.length > 0);
  const lastBroken = broken[broken.length - 1];
  const summary = last
    ? strings.spc.summary(
        formatPercent(last.share),
        formatPercent(last.centre),
        formatPercent(last.low),
        formatPercent(last.high),
      )
    : strings.spc.noSubgroups;
  const verdict = lastBroken
    ? `${strings.spc.signal(broken.length)}, ${strings.spc.lastSignal(
        formatShortTime(lastBroken.at),
        formatCount(lastBroken.rejected),
        formatCount(lastBroken.inspected),
        lastBroken.signals.map((rule) => strings.spc.rule(rule)).join(', '),
      )}`
    : strings.spc.inControl;
  return (
    <Panel className={className} title={strings.spc.pChart} aside={<PChartLegend />}>
      <div className={styles.body}>
        <div className={styles.chart}>
          {points.length > 0 && <LineChart data={data} options={pChartOptions} label={`${summary} ${verdict}`} />}
        </div>
        <p className={styles.summary}>
          <span>{summary}</span> <strong>{points.length > 0 && verdict}</strong>
        </p>
      </div>
    </Panel>
  );
}
