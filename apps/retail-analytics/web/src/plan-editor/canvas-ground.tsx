import { memo } from 'react';
import type { ReactNode } from 'react';
import type { StorePlan } from '@edge-blueprints/contracts';
import { cmOf, drawnPoints } from '../plan/plan-scale.js';
import planStyles from '../plan/floor-plan.module.css';
import styles from './plan-canvas.module.css';

interface Props {
  readonly plan: StorePlan;
  /** Centimetres of the floor under one pixel of the screen. */
  readonly cmPerPx: number;
}

/** The floor with a grid in metres, and the fixtures that places are known by. */
export const CanvasGround = memo(function CanvasGround({ plan, cmPerPx }: Props): ReactNode {
  const { widthM, depthM, fixtures } = plan;
  const stepM = gridStepM(cmPerPx);
  const marks = (lengthM: number): readonly number[] =>
    Array.from({ length: Math.floor(lengthM / stepM) + 1 }, (_, i) => i * stepM);
  const lines = [
    ...marks(widthM).map((x) => `M${cmOf(x)} 0V${cmOf(depthM)}`),
    ...marks(depthM).map((y) => `M0 ${cmOf(depthM - y)}H${cmOf(widthM)}`),
  ];
  return (
    <g aria-hidden="true">
      <rect width={cmOf(widthM)} height={cmOf(depthM)} className={planStyles.floor} />
      <path d={lines.join('')} className={styles.grid} />
      <g className={styles.scale} fontSize={12 * cmPerPx}>
        {marks(widthM).map((x) => (
          <text key={x} x={cmOf(x)} y={cmOf(depthM) + 16 * cmPerPx} data-axis="across">
            {x}
          </text>
        ))}
        {marks(depthM).map((y) => (
          <text key={y} x={-7 * cmPerPx} y={cmOf(depthM - y)} data-axis="deep">
            {y}
          </text>
        ))}
      </g>
      {fixtures.map(({ id, kind, polygon }) => (
        <polygon key={id} points={drawnPoints(polygon, depthM)} className={planStyles.fixture} data-kind={kind} />
      ))}
    </g>
  );
});

/** Grid lines at least 28 pixels apart. */
function gridStepM(cmPerPx: number): number {
  return [1, 2, 5, 10, 20, 50].find((step) => (step * 100) / cmPerPx >= 28) ?? 100;
}
