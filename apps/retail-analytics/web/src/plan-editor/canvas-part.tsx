import type { ReactNode } from 'react';
import type { StorePlan } from '@edge-blueprints/contracts';
import { drawn, drawnPoints, insideOf, labelPlace } from '../plan/plan-scale.js';
import { partTitle } from './part-words.js';
import { ahead, areaOf } from './plan-parts.js';
import type { PartRef } from './plan-parts.js';
import styles from './plan-canvas.module.css';

interface Props {
  readonly plan: StorePlan;
  readonly part: PartRef;
  readonly cmPerPx: number;
  readonly isChosen: boolean;
  readonly hasProblem: boolean;
}

/** One part as it is drawn; what can be taken hold of stands above it. */
export function CanvasPart({ plan, part, cmPerPx, isChosen, hasProblem }: Props): ReactNode {
  const area = areaOf(plan, part);
  const line = part.kind === 'line' ? plan.lines[part.index] : undefined;
  const queue = part.kind === 'queue' ? plan.queues[part.index] : undefined;
  const place = area !== undefined ? labelPlace(area) : line !== undefined ? line.to : null;
  if (place === null) return null;
  const [x, y] = drawn(place, plan.depthM);
  return (
    <g
      className={styles.part}
      data-kind={part.kind}
      data-chosen={isChosen || undefined}
      data-problem={hasProblem || undefined}
    >
      {area !== undefined && <polygon points={drawnPoints(area, plan.depthM)} />}
      {line !== undefined && (
        <Arrow
          plan={plan}
          cmPerPx={cmPerPx}
          from={[(line.from[0] + line.to[0]) / 2, (line.from[1] + line.to[1]) / 2]}
          to={insideOf(line.from, line.to, line.inside, 0.45)}
        />
      )}
      {line !== undefined && <polyline points={drawnPoints([line.from, line.to], plan.depthM)} />}
      {queue !== undefined && (
        <>
          <Arrow
            plan={plan}
            cmPerPx={cmPerPx}
            from={queue.servicePoint}
            to={ahead(queue.servicePoint, queue.directionDeg)}
          />
          <Service at={drawn(queue.servicePoint, plan.depthM)} sidePx={5} cmPerPx={cmPerPx} />
        </>
      )}
      <text
        x={line === undefined ? x : x + 12 * cmPerPx}
        y={y}
        fontSize={14 * cmPerPx}
        strokeWidth={4 * cmPerPx}
        data-beside={line !== undefined || undefined}
      >
        {partTitle(plan, part)}
      </text>
    </g>
  );
}

interface ServiceProps {
  readonly at: readonly [number, number];
  /** Half of its side. */
  readonly sidePx: number;
  readonly cmPerPx: number;
}

function Service({ at: [x, y], sidePx, cmPerPx }: ServiceProps): ReactNode {
  const half = sidePx * cmPerPx;
  return <rect x={x - half} y={y - half} width={2 * half} height={2 * half} className={styles.tip} />;
}

interface ArrowProps extends Pick<Props, 'plan' | 'cmPerPx'> {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
}

function Arrow({ plan, cmPerPx, from, to }: ArrowProps): ReactNode {
  const [x1, y1] = drawn(from, plan.depthM);
  const [x2, y2] = drawn(to, plan.depthM);
  const deg = (Math.atan2(y2 - y1, x2 - x1) * 180) / Math.PI;
  const side = 7 * cmPerPx;
  return (
    <>
      <polyline points={`${x1},${y1} ${x2},${y2}`} />
      <path
        d={`M${side} 0L${-side} ${-side}L${-side} ${side}z`}
        transform={`translate(${x2} ${y2}) rotate(${deg})`}
        className={styles.tip}
      />
    </>
  );
}
