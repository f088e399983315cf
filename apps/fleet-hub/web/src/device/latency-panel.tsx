import { formatCount, Panel, tableStyles as tables } from '@edge-blueprints/web-kit';
import type { HubLatencyView } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import { latencyName, providerName, quantileText } from './quantile-text.js';

const text = strings.device;

/** Percentiles of merged histograms, per stage, model and provider, each with its count. */
export function LatencyPanel({
  latencies,
  className,
}: {
  latencies: readonly HubLatencyView[];
  className?: string | undefined;
}): ReactNode {
  return (
    <Panel title={text.latency} className={className}>
      {latencies.length === 0 ? (
        <p className={tables.empty}>{text.noLatency}</p>
      ) : (
        <div className={tables.scroll} tabIndex={0} role="group" aria-label={text.latency}>
          <table className={tables.table} title={text.tooFewDetail}>
            <thead>
              <tr>
                <th>{text.name}</th>
                <th>{text.model}</th>
                <th>{text.provider}</th>
                {[text.p50, text.p95, text.p99, text.max, text.count].map((name) => (
                  <th key={name} className={tables.number}>
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {latencies.map((each) => (
                <tr key={`${each.name} ${each.model} ${each.provider}`}>
                  <th scope="row" title={each.name}>
                    {latencyName(each.name)}
                  </th>
                  <td>{each.model}</td>
                  <td title={each.provider}>{providerName(each.provider)}</td>
                  <td className={tables.number}>{quantileText(each.p50Ms, 'p50')}</td>
                  <td className={tables.number}>{quantileText(each.p95Ms, 'p95')}</td>
                  <td className={tables.number}>{quantileText(each.p99Ms, 'p99')}</td>
                  <td className={tables.number}>
                    {each.maxMs === null ? strings.none : quantileText(each.maxMs, 'p50')}
                  </td>
                  <td className={`${tables.number} ${tables.soft}`}>{formatCount(each.count)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}
