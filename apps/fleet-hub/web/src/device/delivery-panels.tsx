import { formatCount, formatDateTime, Mark, Panel, tableStyles as tables } from '@edge-blueprints/web-kit';
import type { DeviceDetailView } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import styles from './device-view.module.css';

const text = strings.device;

/** The proof: delivered and given up cover 1 to the highest number of each file. */
export function DeliveryPanel({
  epochs,
  className,
}: {
  epochs: DeviceDetailView['epochs'];
  className?: string | undefined;
}): ReactNode {
  return (
    <Panel title={text.delivery} className={className}>
      {epochs.length === 0 ? (
        <p className={tables.empty}>{text.noEpochs}</p>
      ) : (
        <div className={tables.scroll} tabIndex={0} role="group" aria-label={text.delivery}>
          <table className={tables.table}>
            <thead>
              <tr>
                <th>{text.epoch}</th>
                {[text.highest, text.delivered, text.declared, text.missing].map((name) => (
                  <th key={name} className={tables.number}>
                    {name}
                  </th>
                ))}
                <th>
                  <span className="hidden-text">{text.contiguous}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {epochs.map((each) => (
                <tr key={each.epoch}>
                  <th scope="row" className="mono" title={each.epoch}>
                    {each.epoch.slice(0, 8)}
                  </th>
                  <td className={tables.number}>{formatCount(each.highest)}</td>
                  <td className={tables.number}>{formatCount(each.delivered)}</td>
                  <td className={tables.number}>{formatCount(each.declared)}</td>
                  <td className={each.missing > 0 ? `${tables.number} ${tables.asks}` : tables.number}>
                    {formatCount(each.missing)}
                  </td>
                  <td>
                    <span className={each.contiguous ? styles.complete : `${styles.complete} ${tables.asks}`}>
                      <Mark kind={each.contiguous ? 'ok' : 'stop'} size={16} />
                      {each.contiguous ? text.contiguous : text.holes}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className={tables.soft}>{text.deliveryNote}</p>
    </Panel>
  );
}

export function GapsPanel({
  gaps,
  className,
}: {
  gaps: DeviceDetailView['gaps'];
  className?: string | undefined;
}): ReactNode {
  const causes: Readonly<Record<string, string>> = text.causes;
  return (
    <Panel title={text.gaps} className={className}>
      {gaps.length === 0 ? (
        <p className={tables.empty}>{text.noGaps}</p>
      ) : (
        <table className={tables.table}>
          <tbody>
            {gaps.map((gap) => (
              <tr key={`${gap.at} ${gap.from}`}>
                <td>
                  <time dateTime={gap.at}>{formatDateTime(gap.at)}</time>
                </td>
                <td>{causes[gap.cause] ?? gap.cause}</td>
                <td className={tables.number}>{text.range(formatCount(gap.from), formatCount(gap.to))}</td>
                <td className={`${tables.number} ${tables.asks}`}>{formatCount(gap.to - gap.from + 1)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Panel>
  );
}
