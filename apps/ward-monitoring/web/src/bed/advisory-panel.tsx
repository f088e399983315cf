import type { AdvisoryView } from '@edge-blueprints/contracts';
import { formatPercent, Panel } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import { strings } from '../strings.js';
import styles from './advisory-panel.module.css';

const half = 50;

interface Props {
  readonly advisory: AdvisoryView | null;
  readonly className?: string | undefined;
}

/** What the model says and which signals say it: bars to the right raise the output, bars to the left lower it. */
export function AdvisoryPanel({ advisory, className }: Props): ReactNode {
  const most = Math.max(0.01, ...(advisory?.explanation ?? []).map(({ share }) => Math.abs(share)));
  return (
    <Panel title={strings.advisory.title} aside={strings.advisory.beside} className={className}>
      {advisory === null ? (
        <p>{strings.advisory.none}</p>
      ) : (
        <>
          <p className={styles.sum}>
            <strong>{formatPercent(advisory.probability)}</strong>{' '}
            {advisory.raised ? strings.advisory.raised : strings.advisory.quiet}
          </p>
          <p className={styles.soft}>{strings.advisory.base(formatPercent(advisory.base))}</p>
          <ul className={styles.bars}>
            {advisory.explanation.map(({ feature, share }) => {
              const width = (Math.abs(share) / most) * half;
              return (
                <li key={feature}>
                  <span>{feature}</span>
                  <svg
                    viewBox="0 0 100 10"
                    preserveAspectRatio="none"
                    aria-hidden="true"
                    data-up={share > 0 || undefined}
                  >
                    <rect x={share < 0 ? half - width : half} y="1" width={width} height="8" />
                    <path d="M50 0v10" />
                  </svg>
                  <span className={styles.share}>{strings.advisory.share(share)}</span>
                </li>
              );
            })}
          </ul>
          <p className={styles.soft}>{strings.advisory.model(advisory.model)}</p>
        </>
      )}
    </Panel>
  );
}
