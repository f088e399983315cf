import type { ReactNode } from 'react';
import type { StorePlan, StoreView } from '@edge-blueprints/contracts';
import { formatCount } from '@edge-blueprints/web-kit';
import { minimumText } from '../figures/minimum-count.js';
import { strings } from '../strings.js';
import { AuthorityLayer } from './authority-layer.js';
import { HeatLayer } from './heat-layer.js';
import { cmOf, drawn, drawnPoints, insideOf, labelPlace } from './plan-scale.js';
import styles from './floor-plan.module.css';

interface Props {
  readonly view: StoreView;
  readonly showHeat: boolean;
  readonly showCameras: boolean;
}

const marginCm = 14;

/** The floor as it is now: fixtures, heat, zones and queues with their people, lines, cameras. */
export function FloorPlan({ view, showHeat, showCameras }: Props): ReactNode {
  const { plan } = view;
  const { widthM, depthM } = plan;
  return (
    <svg
      className={styles.plan}
      viewBox={`${-marginCm} ${-marginCm} ${cmOf(widthM) + 2 * marginCm} ${cmOf(depthM) + 2 * marginCm}`}
      role="img"
      aria-label={sentence(view)}
    >
      <rect width={cmOf(widthM)} height={cmOf(depthM)} className={styles.floor} />
      {showHeat && <HeatLayer heat={view.heat} depthM={depthM} />}
      <Fixtures plan={plan} />
      {showCameras && <AuthorityLayer cameras={view.cameras} depthM={depthM} />}
      {plan.zones.map(({ id, name, polygon }) => {
        const zone = view.zones.find((each) => each.id === id);
        return (
          <Area key={id} className={styles.zone} polygon={polygon} depthM={depthM} state={zone?.state} name={name}>
            {zone === undefined || zone.state === 'unknown'
              ? strings.none
              : zone.state === 'suspended'
                ? strings.busiest.suspended
                : zone.people.kind === 'fewer'
                  ? strings.plan.fewer(zone.people.than)
                  : formatCount(zone.people.value)}
          </Area>
        );
      })}
      {plan.queues.map(({ id, name, area }) => {
        const queue = view.queues.find((each) => each.id === id);
        return (
          <Area key={id} className={styles.queue} polygon={area} depthM={depthM} state={queue?.state} name={name}>
            {queue === undefined || queue.state === 'unknown'
              ? strings.none
              : strings.plan.waiting(formatCount(queue.length))}
          </Area>
        );
      })}
      {plan.lines.map((line) => (
        <Line key={line.id} line={line} depthM={depthM} now={view.lines.find((each) => each.id === line.id)} />
      ))}
    </svg>
  );
}

function Fixtures({ plan }: { readonly plan: StorePlan }): ReactNode {
  return (
    <g aria-hidden="true">
      {plan.staffAreas.map((polygon, i) => (
        <Area key={i} className={styles.staff} polygon={polygon} depthM={plan.depthM}>
          {strings.plan.staff}
        </Area>
      ))}
      {plan.fixtures.map(({ id, kind, polygon }) => (
        <polygon key={id} points={drawnPoints(polygon, plan.depthM)} className={styles.fixture} data-kind={kind} />
      ))}
    </g>
  );
}

interface AreaProps {
  readonly className: string | undefined;
  readonly polygon: StorePlan['staffAreas'][number];
  readonly depthM: number;
  readonly state?: string | undefined;
  readonly name?: string;
  readonly children: string;
}

function Area({ className, polygon, depthM, state, name, children }: AreaProps): ReactNode {
  const [x, y] = drawn(labelPlace(polygon), depthM);
  return (
    <g className={className} data-state={state}>
      <polygon points={drawnPoints(polygon, depthM)} />
      {name !== undefined && (
        <text x={x} y={y - 22} className={styles.name}>
          {name}
        </text>
      )}
      <text x={x} y={name === undefined ? y : y + 22} className={name === undefined ? styles.name : styles.value}>
        {children}
      </text>
    </g>
  );
}

interface LineProps {
  readonly line: StorePlan['lines'][number];
  readonly depthM: number;
  readonly now: StoreView['lines'][number] | undefined;
}

function Line({ line, depthM, now }: LineProps): ReactNode {
  const [x1, y1] = drawn(line.from, depthM);
  const [x2, y2] = drawn(line.to, depthM);
  const [tipX, tipY] = drawn(insideOf(line.from, line.to, line.inside, 0.45), depthM);
  const [midX, midY] = [(x1 + x2) / 2, (y1 + y2) / 2];
  return (
    <g className={styles.line}>
      <line x1={x1} y1={y1} x2={x2} y2={y2} />
      <line x1={midX} y1={midY} x2={tipX} y2={tipY} />
      <path
        d="M14 0L-10 -13L-10 13z"
        transform={`translate(${tipX} ${tipY}) rotate(${(Math.atan2(tipY - midY, tipX - midX) * 180) / Math.PI})`}
      />
      {now !== undefined && (
        <text x={Math.max(x1, x2) + 14} y={midY} className={styles.beside}>
          {strings.plan.inOut(formatCount(now.inToday), formatCount(now.outToday))}
        </text>
      )}
    </g>
  );
}

/** The whole drawing in words, for who does not see it. */
function sentence({ plan, zones, queues, lines, cameras }: StoreView): string {
  return [
    strings.plan.label(plan.name),
    ...lines.map(({ name, inToday, outToday }) => strings.plan.line(name, formatCount(inToday), formatCount(outToday))),
    ...zones.map(({ name, people }) => strings.plan.zone(name, minimumText(people))),
    ...queues.map(({ name, length }) => strings.plan.queue(name, formatCount(length))),
    ...cameras.map(({ id, state }) => strings.plan.camera(id, strings.cameraStates[state])),
  ].join('. ');
}
