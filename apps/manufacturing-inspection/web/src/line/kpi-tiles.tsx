import type { ReactNode } from 'react';
import { formatCount, formatMs, formatPercent, kpiStyles, KpiTile, RangeBar } from '@edge-blueprints/web-kit';
import { useView } from '../feed/feed-context.js';
import { strings } from '../strings.js';
import { budgetOf } from '../timing/budget-data.js';
import { quantileText, totalLatency } from '../timing/stage-data.js';
import { intervalAxis } from './interval-axis.js';

export function KpiTiles({ className }: { readonly className?: string | undefined }): ReactNode {
  const view = useView();
  if (view === null)
    return (
      <section className={`${kpiStyles.tiles} ${className ?? ''}`} aria-label={strings.kpi.label} aria-busy="true" />
    );
  const share = view.rejectShare;
  const budget = budgetOf(view);
  const latency = totalLatency(view.latencies);
  const axis = intervalAxis(share.high);
  return (
    <section className={`${kpiStyles.tiles} ${className ?? ''}`} aria-label={strings.kpi.label}>
      <KpiTile
        name={strings.kpi.inspected}
        value={formatCount(view.inspected)}
        detail={strings.kpi.inspectedDetail(
          formatCount(view.passed),
          formatCount(view.rejected),
          formatCount(view.abstained),
        )}
      >
        <RangeBar from={0} to={view.inspected > 0 ? view.passed / view.inspected : 0} tone="plain" />
      </KpiTile>
      <KpiTile
        name={strings.kpi.rejectShare}
        value={share.of > 0 ? formatPercent(share.share) : strings.none}
        beside={strings.kpi.rejectDetail(formatCount(share.count), formatCount(share.of))}
        detail={
          share.of > 0 ? strings.kpi.interval(formatPercent(share.low), formatPercent(share.high)) : strings.kpi.noParts
        }
      >
        <RangeBar
          from={share.low / axis}
          to={share.high / axis}
          point={share.share / axis}
          tone="found"
          end={formatPercent(axis)}
        />
      </KpiTile>
      <KpiTile
        name={strings.kpi.budget}
        value={budget === null ? strings.none : formatMs(budget.leftMs)}
        asks={budget !== null && budget.leftMs <= 0}
        detail={budget === null ? strings.kpi.noParts : strings.kpi.budgetDetail(formatMs(budget.slowestMs))}
      >
        <RangeBar
          from={0}
          to={budget?.usedShare ?? 0}
          tone="plain"
          end={budget === null ? '' : formatMs(budget.slowestMs + budget.leftMs)}
        />
      </KpiTile>
      <KpiTile
        name={strings.kpi.latency}
        value={latency === null ? strings.none : quantileText(latency.p99Ms, 'p99')}
        detail={
          latency === null
            ? strings.timing.none
            : strings.kpi.latencyDetail(
                quantileText(latency.p50Ms, 'p50'),
                quantileText(latency.p95Ms, 'p95'),
                formatCount(latency.count),
              )
        }
      >
        <RangeBar
          from={latency?.p50Ms && latency.maxMs ? latency.p50Ms / latency.maxMs : 0}
          to={latency?.p99Ms && latency.maxMs ? latency.p99Ms / latency.maxMs : 0}
          tone="plain"
          end={latency?.maxMs ? `max ${formatMs(latency.maxMs)}` : ''}
        />
      </KpiTile>
    </section>
  );
}
