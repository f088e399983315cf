import { memo } from 'react';
import type { ReactNode } from 'react';
import type { StoreHeatView } from '@edge-blueprints/contracts';
import { heatScale } from './heat-classes.js';
import { cmOf } from './plan-scale.js';
import styles from './floor-plan.module.css';

interface Props {
  readonly heat: StoreHeatView;
  readonly depthM: number;
}

/** The cells of each class as one path: a few elements however large the floor is. */
export const HeatLayer = memo(function HeatLayer({ heat, depthM }: Props): ReactNode {
  const scale = heatScale(heat.seconds, heat.cellM);
  const side = cmOf(heat.cellM);
  const paths = new Map<number, string[]>();
  heat.seconds.forEach((seconds, i) => {
    const heatClass = scale.classOf(seconds);
    if (heatClass === 0) return;
    const x = cmOf((i % heat.columns) * heat.cellM);
    const y = cmOf(depthM - (Math.floor(i / heat.columns) + 1) * heat.cellM);
    const path = paths.get(heatClass) ?? [];
    path.push(`M${x} ${y}h${side}v${side}h-${side}z`);
    paths.set(heatClass, path);
  });
  return (
    <g aria-hidden="true">
      {[...paths].map(([heatClass, path]) => (
        <path key={heatClass} d={path.join('')} className={styles.heat} data-class={heatClass} />
      ))}
    </g>
  );
});
