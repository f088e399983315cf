import type { ReactNode } from 'react';
import type { StoreHeatView } from '@edge-blueprints/contracts';
import { formatCount } from '@edge-blueprints/web-kit';
import { strings } from '../strings.js';
import { heatClassCount, heatScale } from './heat-classes.js';
import styles from './floor-plan.module.css';

/** What the shades mean, in person-seconds per square metre. */
export function HeatLegend({ heat }: { readonly heat: StoreHeatView }): ReactNode {
  if (!heat.seconds.some((seconds) => seconds > 0))
    return <p className={styles.legend}>{strings.plan.heatNone(heat.minimumPeople)}</p>;
  const borders = [0, ...heatScale(heat.seconds, heat.cellM).borders];
  return (
    <div className={styles.legend}>
      <span>{strings.plan.heat}</span>
      <ul className={styles.legend}>
        {Array.from({ length: heatClassCount }, (_, i) => (
          <li key={i}>
            <svg className={styles.plan} aria-hidden="true">
              <rect width="18" height="14" className={styles.heat} data-class={i + 1} />
            </svg>
            {i + 1 === heatClassCount
              ? strings.plan.heatTop(formatBorder(borders[i]))
              : strings.plan.heatRange(formatBorder(borders[i]), formatBorder(borders[i + 1]))}
          </li>
        ))}
      </ul>
      <span>{strings.plan.heatNote(String(heat.cellM), heat.minimumPeople)}</span>
    </div>
  );
}

const formatBorder = (value = 0): string => (value < 10 ? String(Math.round(value * 100) / 100) : formatCount(value));
