import { useEffect, useRef } from 'react';
import { useStatus } from '../feed/feed-status.js';
import { strings } from '../strings.js';
import { routeHref } from './route.js';
import type { Route } from './route.js';

const names: Readonly<Record<Route['page'], string>> = {
  overview: strings.nav.overview,
  evidence: strings.nav.evidence,
  part: strings.evidence.part,
  thresholds: strings.nav.thresholds,
  health: strings.nav.health,
};

/** A new page starts at its top, and the tab says the state of the line even when another tab is in front. */
export function usePageEntry(route: Route): void {
  const href = routeHref(route);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else window.scrollTo(0, 0);
  }, [href]);

  const { connection, view } = useStatus();
  const state =
    connection === 'lost'
      ? strings.connection.lost
      : view === null
        ? strings.connection.connecting
        : strings.line.states[view.lineState];
  const title = `${state} · ${names[route.page]} · ${view?.station ?? strings.product}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
