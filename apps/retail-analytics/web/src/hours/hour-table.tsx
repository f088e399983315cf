import type { ReactNode } from 'react';
import { formatCount, formatPercent, Mark, tableStyles } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import { releasedText } from './hour-rows.js';
import type { HourRow } from './hour-rows.js';

const text = strings.hours;

export function HourTable({ rows }: { readonly rows: readonly HourRow[] }): ReactNode {
  return (
    <div className={tableStyles.scroll} tabIndex={0} role="region" aria-label={text.asTable}>
      <table className={tableStyles.table}>
        <thead>
          <tr>
            <th scope="col">{text.window}</th>
            {[text.in, text.out, text.noise, text.coverage].map((name) => (
              <th key={name} scope="col" className={tableStyles.number}>
                {name}
              </th>
            ))}
            <th scope="col">{text.quality}</th>
          </tr>
        </thead>
        <tbody>
          {[...rows].reverse().map((row) => (
            <tr key={row.fromEpochMs}>
              <th scope="row">{row.window}</th>
              <td className={tableStyles.number}>{releasedText(row.inside)}</td>
              <td className={tableStyles.number}>{releasedText(row.out)}</td>
              <td className={tableStyles.number}>{formatCount(Math.ceil(row.error95))}</td>
              <td className={tableStyles.number}>{formatPercent(row.coverage)}</td>
              <td>
                {row.quality !== 'good' && <Mark kind="review" size={14} />} {strings.hours.qualities[row.quality]}
                {row.reasons.length > 0 && `: ${row.reasons.join('; ')}`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
