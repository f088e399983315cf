import { Skeleton } from '@mantine/core';
import type { PartRecord } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { formatDateTime, formatMs } from '@edge-blueprints/web-kit';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import { EvidenceImage } from './evidence-image.js';
import styles from './evidence-table.module.css';
import { VerdictTag } from './verdict-tag.js';

const skeletonRows = Array.from({ length: 8 }, (_, index) => index);

/** `null` while the rows are on their way. */
export function EvidenceTable({ parts }: { readonly parts: readonly PartRecord[] | null }): ReactNode {
  return (
    <table className={styles.table} aria-busy={parts === null}>
      <thead>
        <tr>
          <th scope="col">
            <span className="hidden-text">{strings.part.picture}</span>
          </th>
          <th scope="col">{strings.evidence.part}</th>
          <th scope="col">{strings.evidence.verdict}</th>
          <th scope="col">{strings.evidence.reason}</th>
          <th scope="col">{strings.evidence.captureToAct}</th>
          <th scope="col">{strings.evidence.time}</th>
        </tr>
      </thead>
      <tbody>
        {parts === null &&
          skeletonRows.map((row) => (
            <tr key={row}>
              <td colSpan={6}>
                <Skeleton height={48} />
              </td>
            </tr>
          ))}
        {parts?.map((part) => (
          <tr key={part.resultId}>
            <td className={styles.image}>
              <EvidenceImage record={part} />
            </td>
            <th scope="row">
              <a href={routeHref({ page: 'part', resultId: part.resultId })}>{part.partId}</a>
            </th>
            <td>
              <VerdictTag verdict={part.verdict} overruled={part.overrule !== undefined} />
            </td>
            <td className={styles.reason}>{part.reason}</td>
            <td className={styles.number}>{formatMs(part.timings.captureToActMs)}</td>
            <td className={styles.number}>
              <time dateTime={part.capturedAt}>{formatDateTime(part.capturedAt)}</time>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
