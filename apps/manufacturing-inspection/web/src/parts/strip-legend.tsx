import type { PartSummary } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { formatCount } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import { VerdictTag } from './verdict-tag.js';
import styles from './verdict-strip.module.css';

const order = ['pass', 'reject', 'review', 'error'] as const;

export function StripLegend({ parts }: { readonly parts: readonly PartSummary[] }): ReactNode {
  return (
    <ul className={styles.legend} aria-label={strings.strip.legend}>
      {order.map((verdict) => {
        const count = parts.filter((part) => part.verdict === verdict).length;
        return (
          <li key={verdict} data-none={count === 0 || undefined}>
            <VerdictTag verdict={verdict} />
            <span>{formatCount(count)}</span>
          </li>
        );
      })}
    </ul>
  );
}
