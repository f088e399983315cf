import type { ThresholdView } from '@edge-blueprints/contracts';
import type { ReactNode } from 'react';
import { formatScore, Panel } from '@edge-blueprints/web-kit';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';
import styles from './threshold-list.module.css';

interface Props {
  readonly thresholds: readonly ThresholdView[];
  readonly chosen: number | null;
}

export function ThresholdList({ thresholds, chosen }: Props): ReactNode {
  const text = strings.thresholds;
  return (
    <Panel title={text.list} aside={<span>{`${text.inUse} / ${text.bundle.toLowerCase()}`}</span>}>
      <ul className={styles.list}>
        {thresholds.map((each) => (
          <li key={each.classIndex}>
            <a
              className={styles.row}
              href={routeHref({ page: 'thresholds', classIndex: each.classIndex })}
              aria-current={each.classIndex === chosen ? 'true' : undefined}
            >
              <span className={styles.name}>
                <strong>{each.label}</strong>
                <small>{each.provenance}</small>
              </span>
              {each.threshold !== each.bundleThreshold && <span className={styles.moved}>{text.changed}</span>}
              <span className={styles.value}>{formatScore(each.threshold)}</span>
              <span className={styles.bundle}>{formatScore(each.bundleThreshold)}</span>
            </a>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
