import { Skeleton } from '@mantine/core';
import { formatAge, formatCount, formatPercent, Mark, Panel, tableStyles } from '@edge-blueprints/web-kit';
import type { ReactNode } from 'react';
import type { StoreQueueView, StoreView, StoreZoneView } from '@edge-blueprints/contracts';
import { useStatus } from '../feed/store-status.js';
import { minimumText } from '../figures/minimum-count.js';
import { strings } from '../strings.js';
import { VisitTrend } from './visit-trend.js';
import styles from './zones-view.module.css';

const text = strings.zones;
const age = (seconds: number | null): string => (seconds === null ? strings.none : formatAge(seconds * 1_000));

/** Level 2: where people linger and wait, and how far each figure can be trusted. */
export function ZonesView(): ReactNode {
  const { view } = useStatus();
  if (view === null) return <Skeleton height={480} />;
  return (
    <div className={styles.view}>
      <h1 className="hidden-text">{text.title}</h1>
      <Panel title={text.zones}>
        {view.zones.length === 0 ? <p>{text.noZone}</p> : <Zones view={view} />}
        <p className={styles.note}>{text.censoredNote}</p>
      </Panel>
      <Panel title={text.queues}>
        {view.queues.length === 0 ? <p>{text.noQueue}</p> : <Queues queues={view.queues} />}
        <p className={styles.note}>{text.littleNote}</p>
      </Panel>
    </div>
  );
}

function Head({ first, names }: { readonly first: string; readonly names: readonly string[] }): ReactNode {
  return (
    <thead>
      <tr>
        <th scope="col">{first}</th>
        {names.map((name) => (
          <th key={name} scope="col">
            {name}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Zones({ view }: { readonly view: StoreView }): ReactNode {
  return (
    <div className={tableStyles.scroll} tabIndex={0} role="region" aria-label={text.zonesTable}>
      <table className={tableStyles.table}>
        <Head first={text.zone} names={[text.people, text.dwell, text.censored, text.trend, text.state]} />
        <tbody>
          {view.zones.map((zone) => (
            <tr key={zone.id}>
              <th scope="row">{zone.name}</th>
              <td>{zone.state === 'good' ? minimumText(zone.people) : strings.none}</td>
              <td>{zone.dwellMedianS === null ? text.tooFew : age(zone.dwellMedianS)}</td>
              <td>{zone.censoredShare === null ? strings.none : formatPercent(zone.censoredShare)}</td>
              <td>
                <VisitTrend zone={zone} releases={view.releases} />
              </td>
              <td>
                <ZoneState state={zone.state} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ZoneState({ state }: Pick<StoreZoneView, 'state'>): ReactNode {
  return (
    <span className={styles.state}>
      <Mark kind={state === 'good' ? 'ok' : state === 'suspended' ? 'act' : 'off'} size={16} />
      {text.states[state]}
    </span>
  );
}

function Queues({ queues }: { readonly queues: readonly StoreQueueView[] }): ReactNode {
  return (
    <div className={tableStyles.scroll} tabIndex={0} role="region" aria-label={text.queuesTable}>
      <table className={tableStyles.table}>
        <Head
          first={text.queue}
          names={[text.length, text.parties, text.wait, text.longest, text.abandoned, text.little]}
        />
        <tbody>
          {queues.map((queue) => (
            <tr key={queue.id}>
              <th scope="row">{queue.name}</th>
              <td>{queue.state === 'unknown' ? strings.none : formatCount(queue.length)}</td>
              <td>{queue.state === 'unknown' ? strings.none : formatCount(queue.parties)}</td>
              <td>{age(queue.expectedWaitS)}</td>
              <td>{age(queue.longestWaitS)}</td>
              <td>{minimumText(queue.abandonedLastHour)}</td>
              <td>
                <span className={styles.state}>
                  <Mark
                    kind={queue.state === 'unreliable' ? 'act' : queue.littleResidual === null ? 'off' : 'ok'}
                    size={16}
                  />
                  {littleText(queue)}
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function littleText({ littleResidual, state }: StoreQueueView): string {
  if (littleResidual === null) return text.littleNone;
  const share = formatPercent(littleResidual);
  return state === 'unreliable' ? text.littleBad(share) : text.littleGood(share);
}
