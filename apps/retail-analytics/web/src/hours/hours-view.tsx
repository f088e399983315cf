import { SegmentedControl, Skeleton } from '@mantine/core';
import { Panel, RequestFault, useRequest } from '@edge-blueprints/web-kit';
import { useState } from 'react';
import type { ReactNode } from 'react';
import type { ReleaseMetric, StoreView } from '@edge-blueprints/contracts';
import { useStatus } from '../feed/store-status.js';
import { doorLines, lastRelease } from '../figures/released-count.js';
import { exportUrl, useApi } from '../session/store-api.js';
import { strings } from '../strings.js';
import { ComparePanel } from './compare-panel.js';
import { HourChart } from './hour-chart.js';
import { hourRows } from './hour-rows.js';
import { HourTable } from './hour-table.js';
import styles from './hours-view.module.css';
import { midnight, periodNames, periodOf } from './periods.js';
import type { PeriodName } from './periods.js';

const text = strings.hours;
const mostBars = 48;
const historyDays = 8;
const exported = ['counts', 'visits', 'dwell', 'heat', 'queue'] as const satisfies readonly ReleaseMetric[];

/** The history of the store, from released numbers alone. */
export function HoursView(): ReactNode {
  const { view } = useStatus();
  return view === null ? <Skeleton height={480} /> : <Hours view={view} />;
}

function Hours({ view }: { readonly view: StoreView }): ReactNode {
  const api = useApi();
  const [period, setPeriod] = useState<PeriodName>('today');
  const [form, setForm] = useState<'chart' | 'table'>('chart');
  const newest = lastRelease(view.releases, 'counts')?.ledger.entry ?? 0;
  // Asked again for each new release, and never on the clock alone.
  const { request, reload } = useRequest(`${newest}`, async () => ({
    nowEpochMs: view.atEpochMs,
    releases: await api.releases('counts', {
      fromEpochMs: midnight(view.atEpochMs, historyDays),
      toEpochMs: view.atEpochMs,
    }),
  }));
  if (request.state === 'failed') return <RequestFault error={request.error} onRetry={reload} />;
  if (request.state === 'loading') return <Skeleton height={480} aria-label={text.loading} />;
  const { releases, nowEpochMs } = request.value;
  const doors = doorLines(view.plan);
  const range = periodOf(period, nowEpochMs);
  const rows = hourRows(releases, doors, period === 'week').filter(
    ({ fromEpochMs }) => fromEpochMs >= range.fromEpochMs && fromEpochMs < range.toEpochMs,
  );
  const bars = rows.slice(-mostBars);
  return (
    <div className={styles.view}>
      <h1 className="hidden-text">{text.title}</h1>
      <Panel
        className={styles.history}
        title={text.chart}
        aside={form === 'chart' && bars.length < rows.length ? text.latest(bars.length, rows.length) : undefined}
      >
        <div className={styles.controls}>
          <SegmentedControl
            aria-label={text.period}
            value={period}
            onChange={(value) => setPeriod(periodNames.find((name) => name === value) ?? 'today')}
            data={periodNames.map((value) => ({ value, label: text.periods[value] }))}
          />
          <SegmentedControl
            aria-label={text.show}
            value={form}
            onChange={(value) => setForm(value === 'table' ? 'table' : 'chart')}
            data={[
              { value: 'chart', label: text.asChart },
              { value: 'table', label: text.asTable },
            ]}
          />
        </div>
        {rows.length === 0 && <p>{text.none}</p>}
        {rows.length > 0 && form === 'table' && <HourTable rows={rows} />}
        {rows.length > 0 && form === 'chart' && (
          <>
            <HourChart rows={bars} />
            <Legend minimum={bars[0]?.minimum ?? 0} />
          </>
        )}
      </Panel>
      <ComparePanel releases={releases} doors={doors} todayEpochMs={midnight(nowEpochMs, 0)} />
      <Panel title={text.download}>
        <ul className={styles.files}>
          {exported.map((metric) => (
            <li key={metric}>
              <span>{strings.privacy.metrics[metric]}</span>
              {(['csv', 'parquet'] as const).map((format) => (
                <a
                  key={format}
                  href={exportUrl(format, metric, range)}
                  download={`${metric}.${format}`}
                  aria-label={text.file(strings.privacy.metrics[metric], format.toUpperCase())}
                >
                  {format.toUpperCase()}
                </a>
              ))}
            </li>
          ))}
        </ul>
        <p className={styles.soft}>{text.downloadNote}</p>
      </Panel>
    </div>
  );
}

function Legend({ minimum }: { readonly minimum: number }): ReactNode {
  return (
    <ul className={styles.legend}>
      {(['in', 'out'] as const).map((kind) => (
        <li key={kind}>
          <svg width="14" height="14" aria-hidden="true">
            <rect width="14" height="14" className={styles[kind]} />
          </svg>
          {text[kind]}
        </li>
      ))}
      <li>
        <svg width="14" height="14" aria-hidden="true">
          <circle cx="7" cy="7" r="3" className={styles.suppressed} />
        </svg>
        {text.suppressedKey(String(minimum))}
      </li>
      <li>
        <svg width="14" height="14" aria-hidden="true">
          <path d="M7 2l5 8h-10z" className={styles.degraded} />
        </svg>
        {text.degraded}
      </li>
      <li>{text.note}</li>
    </ul>
  );
}
