import { formatCount, formatPercent, Mark, Panel, RangeBar, tableStyles as tables } from '@edge-blueprints/web-kit';
import type { MarkKind } from '@edge-blueprints/web-kit';
import type { DeviceDetailView } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import styles from './device-view.module.css';

const text = strings.device;
const verdicts = ['pass', 'reject', 'review', 'error'] as const satisfies MarkKind[];

type Props = Pick<DeviceDetailView, 'verdicts' | 'rejectShare'> & { readonly className?: string | undefined };

export function VerdictsPanel({ verdicts: counts, rejectShare, className }: Props): ReactNode {
  const axis = Math.min(1, Math.max(0.1, Math.ceil(rejectShare.high * 10) / 10));
  return (
    <Panel title={text.verdicts} className={className}>
      <dl className={styles.verdicts}>
        {verdicts.map((verdict) => (
          <div key={verdict}>
            <dt>
              <Mark kind={verdict} size={16} />
              {text[verdict]}
            </dt>
            <dd>{formatCount(counts[verdict])}</dd>
          </div>
        ))}
      </dl>
      {rejectShare.of === 0 ? (
        <p className={tables.empty}>{text.noVerdicts}</p>
      ) : (
        <div className={styles.share}>
          <p>
            {text.rejectShare} <strong>{formatPercent(rejectShare.share)}</strong>{' '}
            <span className={tables.soft}>{text.of(formatCount(rejectShare.count), formatCount(rejectShare.of))}</span>
          </p>
          <RangeBar
            from={rejectShare.low / axis}
            to={rejectShare.high / axis}
            point={rejectShare.share / axis}
            tone="found"
            end={formatPercent(axis)}
          />
          <p className={tables.soft}>
            {text.interval(formatPercent(rejectShare.low), formatPercent(rejectShare.high))}
          </p>
        </div>
      )}
    </Panel>
  );
}
