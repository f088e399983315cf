import { useElementSize } from '@mantine/hooks';
import { useEffect, useMemo, useRef } from 'react';
import type { ReactNode } from 'react';
import type { FloorPoint, StorePlan, StoreView } from '@edge-blueprints/contracts';
import { AuthorityLayer } from '../plan/authority-layer.js';
import { cmOf, drawn, drawnPoints } from '../plan/plan-scale.js';
import { strings } from '../strings.js';
import { CanvasGround } from './canvas-ground.js';
import { CanvasHandles, handleId, wholeId } from './canvas-handles.js';
import { CanvasPart } from './canvas-part.js';
import { areaOf, partRefs, samePart } from './plan-parts.js';
import type { PartRef } from './plan-parts.js';
import type { PlanProblem } from './plan-problems.js';
import type { Pick as Met } from './plan-pick.js';
import { usePlanPointer } from './use-plan-pointer.js';
import type { Drawing } from './use-plan-pointer.js';
import styles from './plan-canvas.module.css';

interface Props {
  readonly plan: StorePlan;
  readonly chosen: PartRef | null;
  readonly handle: number | null;
  readonly drawing: Drawing | null;
  readonly problems: readonly PlanProblem[];
  /** The cameras whose floor is shown. */
  readonly cameras: StoreView['cameras'];
  edit(plan: StorePlan, tag?: string): void;
  onChoose(part: PartRef | null, handle: number | null): void;
  onDraw(drawing: Drawing, isDone: boolean): void;
  onRemove(part: PartRef): void;
}

/** Room for the scale at the left and below, and for numbers of corners at the edge. */
const marginPx = 26;
const assumedWidthPx = 700;

/** The floor that is drawn on, in metres, with everything under a finger, a mouse or the keyboard. */
export function PlanCanvas(props: Props): ReactNode {
  const { plan, chosen, handle, drawing, problems, cameras, edit, onChoose } = props;
  const { ref, width, height } = useElementSize<HTMLDivElement>();
  const box = useMemo(() => shownBox(plan, width), [plan, width]);
  // Before it is measured a drawing of common size is assumed.
  const cmPerPx = width === 0 || height === 0 ? 2 : Math.max(box.width / width, box.height / height);
  const wanted = useRef<string | null>(null);
  // What was tapped gets the focus once it is drawn, so that arrow keys go on where the finger stopped.
  useEffect(() => {
    if (wanted.current !== null) document.getElementById(wanted.current)?.focus();
    wanted.current = null;
  }, [chosen, handle]);
  const choose = (met: Met | null): void => {
    // A number that is being typed is taken over first.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    wanted.current = met === null ? null : met.handle === undefined ? wholeId : handleId(met.handle);
    onChoose(met?.part ?? null, met?.handle ?? null);
  };
  const { hover, ...pointer } = usePlanPointer({
    plan,
    chosen,
    drawing,
    edit,
    onChoose: choose,
    onDraw: props.onDraw,
  });
  return (
    <div ref={ref} className={styles.frame} style={{ aspectRatio: `${box.width} / ${box.height}` }}>
      <svg
        className={styles.canvas}
        data-drawing={drawing !== null || undefined}
        viewBox={`${box.x} ${box.y} ${box.width} ${box.height}`}
        role="application"
        aria-label={strings.editor.canvas(plan.name)}
        {...pointer}
        onPointerCancel={pointer.onPointerUp}
        onMouseDown={(event) => event.preventDefault()}
      >
        <CanvasGround plan={plan} cmPerPx={cmPerPx} />
        <AuthorityLayer cameras={cameras} depthM={plan.depthM} />
        {[...partRefs(plan)]
          .sort((a, b) => Number(samePart(a, chosen)) - Number(samePart(b, chosen)))
          .map((part) => (
            <CanvasPart
              key={`${part.kind} ${part.index}`}
              plan={plan}
              part={part}
              cmPerPx={cmPerPx}
              isChosen={samePart(part, chosen)}
              hasProblem={problems.some((problem) => problem.part !== null && samePart(problem.part, part))}
            />
          ))}
        {chosen !== null && drawing === null && (
          <CanvasHandles
            plan={plan}
            part={chosen}
            handle={handle}
            cmPerPx={cmPerPx}
            edit={edit}
            onHandle={(index) => onChoose(chosen, index)}
            onRemove={() => props.onRemove(chosen)}
          />
        )}
        {drawing !== null && <Drawn drawing={drawing} hover={hover} depthM={plan.depthM} cmPerPx={cmPerPx} />}
      </svg>
    </div>
  );
}

interface DrawnProps {
  readonly drawing: Drawing;
  readonly hover: FloorPoint | null;
  readonly depthM: number;
  readonly cmPerPx: number;
}

function Drawn({ drawing, hover, depthM, cmPerPx }: DrawnProps): ReactNode {
  const points = hover === null ? drawing.points : [...drawing.points, hover];
  return (
    <g className={styles.drawn} aria-hidden="true">
      <polyline points={drawnPoints(points, depthM)} />
      {points.map((point, i) => {
        const [x, y] = drawn(point, depthM);
        return <circle key={i} cx={x} cy={y} r={(i === 0 ? 10 : 6) * cmPerPx} strokeWidth={3 * cmPerPx} />;
      })}
    </g>
  );
}

/** The floor and whatever lies beyond it, as masks of mirrors do. */
function shownBox(plan: StorePlan, widthPx: number) {
  const points = partRefs(plan).flatMap((part) => (areaOf(plan, part) ?? []).map((at) => drawn(at, plan.depthM)));
  const xs = [0, cmOf(plan.widthM), ...points.map(([x]) => x)];
  const ys = [0, cmOf(plan.depthM), ...points.map(([, y]) => y)];
  const [left, right] = [Math.min(...xs), Math.max(...xs)];
  const [top, bottom] = [Math.min(...ys), Math.max(...ys)];
  const margin = (marginPx * (right - left)) / ((widthPx || assumedWidthPx) - 2 * marginPx);
  return {
    x: left - margin,
    y: top - margin,
    width: right - left + 2 * margin,
    height: bottom - top + 2 * margin,
  };
}
