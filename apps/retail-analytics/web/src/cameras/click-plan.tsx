import type { MouseEvent, ReactNode } from 'react';
import type { FloorPoint, StorePlan } from '@edge-blueprints/contracts';
import { cmOf, drawn, drawnPoints } from '../plan/plan-scale.js';
import { pointerPlace } from '../plan/pointer-place.js';
import planStyles from '../plan/floor-plan.module.css';
import { strings } from '../strings.js';
import styles from './calibration.module.css';

interface Props {
  readonly plan: StorePlan;
  readonly marks: readonly (FloorPoint | null)[];
  readonly chosen: number;
  onPick(point: FloorPoint): void;
}

/** The fixtures, whose corners are the best marks on a floor. The table beside it does the same without a pointer. */
export function ClickPlan({ plan, marks, chosen, onPick }: Props): ReactNode {
  const { widthM, depthM } = plan;
  const pick = (event: MouseEvent<SVGSVGElement>): void => {
    const place = pointerPlace(event, depthM);
    if (place !== null) onPick(place.at);
  };
  return (
    <svg
      className={`${planStyles.plan} ${styles.pick}`}
      viewBox={`-10 -10 ${cmOf(widthM) + 20} ${cmOf(depthM) + 20}`}
      role="img"
      aria-label={strings.calibration.plan}
      onClick={pick}
    >
      <rect width={cmOf(widthM)} height={cmOf(depthM)} className={planStyles.floor} />
      {plan.fixtures.map(({ id, kind, polygon }) => (
        <polygon key={id} points={drawnPoints(polygon, depthM)} className={planStyles.fixture} data-kind={kind} />
      ))}
      {marks.map((mark, i) => {
        if (mark === null) return null;
        const [x, y] = drawn(mark, depthM);
        return (
          <g key={i} className={styles.mark} data-chosen={i === chosen || undefined}>
            <circle cx={x} cy={y} r="9" />
            <text x={x + 16} y={y - 12} className={planStyles.beside}>
              {i + 1}
            </text>
          </g>
        );
      })}
    </svg>
  );
}
