import { formatAge, Panel, RangeBar } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import type { StoreZoneView } from '@edge-blueprints/contracts';
import { minimumSize, minimumText } from '../figures/minimum-count.js';
import { strings } from '../strings.js';
import styles from './now-view.module.css';

const shown = 3;
const sizeOf = ({ people, state }: StoreZoneView): number => (state === 'good' ? minimumSize(people) : -1);

interface Props {
  readonly className?: string | undefined;
  readonly zones: readonly StoreZoneView[];
}

/** The three zones with most people. Zones that tell only "fewer than" keep the order of the plan. */
export function BusiestZones({ className, zones }: Props): ReactNode {
  const busiest = [...zones].sort((a, b) => sizeOf(b) - sizeOf(a)).slice(0, shown);
  const most = Math.max(10, ...busiest.map(({ people }) => minimumSize(people)));
  return (
    <Panel className={className} title={strings.busiest.title}>
      {busiest.length === 0 && <p>{strings.busiest.none}</p>}
      <ol className={styles.list}>
        {busiest.map(({ id, name, people, dwellMedianS, state }) => (
          <li key={id}>
            <div>
              <span>{name}</span>
              <span>{state === 'good' ? minimumText(people) : strings.busiest[state]}</span>
            </div>
            <RangeBar from={0} to={state === 'good' ? minimumSize(people) / most : 0} tone="plain" />
            <small>
              {dwellMedianS === null ? strings.busiest.noStay : strings.busiest.stay(formatAge(dwellMedianS * 1_000))}
            </small>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
