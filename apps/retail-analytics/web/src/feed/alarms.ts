import type { StoreView } from '@edge-blueprints/contracts';
import type { Connection } from '@edge-blueprints/web-kit';
import { routeHref } from '../shell/route.js';
import { strings } from '../strings.js';

/** `stop`: figures are missing or wrong now. `act`: somebody has to do something before they are. */
export interface Alarm {
  readonly id: string;
  readonly severity: 'stop' | 'act';
  readonly title: string;
  readonly detail: string;
  readonly href: string;
}

const stops: ReadonlySet<string> = new Set(['store.engine-failed', 'store.ledger-damaged', 'store.camera-lost']);
const titles: ReadonlyMap<string, string> = new Map(Object.entries(strings.alarmTitles));

function placeOf(id: string): string {
  if (id === 'ledger' || id === 'pictures') return routeHref({ page: 'privacy' });
  return routeHref({ page: id.startsWith('queue/') ? 'zones' : 'cameras' });
}

/** What the node says asks for an act, stops first. A view that is no longer true raises nothing but its own loss. */
export function alarmsOf(view: StoreView | null, connection: Connection): readonly Alarm[] {
  if (connection === 'lost')
    return [
      {
        id: 'connection-lost',
        severity: 'stop',
        title: strings.connection.lost,
        detail: strings.connection.lostDetail,
        href: routeHref({ page: 'now' }),
      },
    ];
  const raised = (view?.alarms ?? []).map(({ id, code, text }): Alarm => ({
    id,
    severity: stops.has(code) ? 'stop' : 'act',
    title: titles.get(code) ?? code,
    detail: text,
    href: placeOf(id),
  }));
  return [...raised.filter((each) => each.severity === 'stop'), ...raised.filter((each) => each.severity === 'act')];
}
