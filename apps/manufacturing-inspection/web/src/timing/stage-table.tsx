import type { ReactNode } from 'react';
import { formatCount, Panel } from '@edge-blueprints/web-kit';
import { useView } from '../feed/feed-context.js';
import { strings } from '../strings.js';
import { quantileText, stageKey, stageName } from './stage-data.js';
import styles from './stage-table.module.css';

export function StageTable({ className }: { readonly className?: string | undefined }): ReactNode {
  const latencies = useView()?.latencies ?? [];
  return (
    <Panel className={className} title={strings.timing.title}>
      <table className={styles.table} title={strings.timing.tooFewDetail}>
        <thead>
          <tr>
            <th scope="col">{strings.timing.stage}</th>
            <th scope="col">{strings.timing.p50}</th>
            <th scope="col">{strings.timing.p95}</th>
            <th scope="col">{strings.timing.p99}</th>
            <th scope="col">{strings.timing.count}</th>
          </tr>
        </thead>
        <tbody>
          {latencies.map((latency) => (
            <tr key={latency.stage} data-stage={stageKey(latency.stage)}>
              <th scope="row">{stageName(latency.stage)}</th>
              <td data-few={latency.p50Ms === null || undefined}>{quantileText(latency.p50Ms, 'p50')}</td>
              <td data-few={latency.p95Ms === null || undefined}>{quantileText(latency.p95Ms, 'p95')}</td>
              <td data-few={latency.p99Ms === null || undefined}>{quantileText(latency.p99Ms, 'p99')}</td>
              <td className={styles.count}>{formatCount(latency.count)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {latencies.length === 0 && <p className={styles.count}>{strings.timing.none}</p>}
    </Panel>
  );
}
