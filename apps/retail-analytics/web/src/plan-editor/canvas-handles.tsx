import type { KeyboardEvent, ReactNode } from 'react';
import type { FloorPoint, StorePlan } from '@edge-blueprints/contracts';
import { drawn, drawnPoints, labelPlace } from '../plan/plan-scale.js';
import { handlePlace } from './part-words.js';
import { movedHandle, movedPart, removedCorner } from './plan-moves.js';
import { areaOf, handlesOf } from './plan-parts.js';
import type { PartRef } from './plan-parts.js';
import styles from './plan-canvas.module.css';

const stepM = 0.05;
const wideStepM = 0.5;
const arrows: Readonly<Record<string, FloorPoint>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

interface Props {
  readonly plan: StorePlan;
  readonly part: PartRef;
  readonly handle: number | null;
  readonly cmPerPx: number;
  edit(plan: StorePlan, tag?: string): void;
  onHandle(handle: number | null): void;
  onRemove(): void;
}

/** The chosen part for the keyboard: the whole of it and each of its handles can have the focus and be moved. */
export function CanvasHandles({ plan, part, handle, cmPerPx, edit, onHandle, onRemove }: Props): ReactNode {
  const outline = areaOf(plan, part) ?? handlesOf(plan, part).map(({ at }) => at);
  const [, middle] = drawn(labelPlace(outline), plan.depthM);
  const onKey = (event: KeyboardEvent, index: number | null): void => {
    const arrow = arrows[event.key];
    if (arrow !== undefined) {
      const step = event.shiftKey ? wideStepM : stepM;
      const by: FloorPoint = [arrow[0] * step, arrow[1] * step];
      const at = index === null ? undefined : handlesOf(plan, part)[index]?.at;
      const moved =
        index === null || at === undefined
          ? movedPart(plan, part, by)
          : movedHandle(plan, part, index, [at[0] + by[0], at[1] + by[1]]);
      edit(moved, `keys ${part.kind} ${part.index} ${index ?? 'whole'}`);
    } else if (event.key === 'Delete' && index === null) onRemove();
    else if (event.key === 'Delete' && index !== null) edit(removedCorner(plan, part, index));
    else return;
    event.preventDefault();
  };
  return (
    <g>
      <g
        id={wholeId}
        className={styles.whole}
        tabIndex={0}
        role="button"
        aria-label={handlePlace(plan, part, null)}
        onFocus={() => onHandle(null)}
        onKeyDown={(event) => onKey(event, null)}
      >
        {part.kind === 'line' ? (
          <polyline points={drawnPoints(outline, plan.depthM)} />
        ) : (
          <polygon points={drawnPoints(outline, plan.depthM)} />
        )}
      </g>
      {handlesOf(plan, part).map(({ name, at }, i) => {
        const [x, y] = drawn(at, plan.depthM);
        return (
          <g
            key={i}
            id={handleId(i)}
            className={styles.handle}
            data-name={name}
            data-chosen={i === handle || undefined}
            tabIndex={0}
            role="button"
            aria-label={handlePlace(plan, part, i)}
            onFocus={() => onHandle(i)}
            onKeyDown={(event) => onKey(event, i)}
          >
            {name === 'service' ? (
              <rect
                x={x - 8 * cmPerPx}
                y={y - 8 * cmPerPx}
                width={16 * cmPerPx}
                height={16 * cmPerPx}
                strokeWidth={3 * cmPerPx}
              />
            ) : (
              <circle cx={x} cy={y} r={(name === 'direction' ? 7 : 8) * cmPerPx} strokeWidth={3 * cmPerPx} />
            )}
            {(name === 'corner' || name === 'end') && (
              <text x={x} y={y + (y > middle ? 18 : -18) * cmPerPx} fontSize={13 * cmPerPx} strokeWidth={4 * cmPerPx}>
                {i + 1}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

export const wholeId = 'plan-whole';
export const handleId = (index: number): string => `plan-handle-${index}`;
