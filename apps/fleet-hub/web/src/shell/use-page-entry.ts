import { useEffect, useRef } from 'react';
import { useFeedPart } from '../feed/feed-context.js';
import { askingCount } from '../fleet/health.js';
import type { Route } from '../hub-route.js';
import { strings } from '../strings.js';

const names: Readonly<Record<Route['page'], string>> = {
  fleet: strings.nav.fleet,
  device: strings.device.title,
  drift: strings.nav.drift,
  stores: strings.nav.stores,
  labels: strings.nav.labels,
  alerts: strings.nav.alerts,
  audit: strings.nav.audit,
  users: strings.nav.users,
};

/** A new page starts at its top, and the tab says the state of the fleet even when another tab is in front. */
export function usePageEntry(route: Route): void {
  const place = route.page === 'device' ? `${route.site}/${route.device}` : route.page;
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else window.scrollTo(0, 0);
  }, [place]);
  const asking = useFeedPart(({ fleet }) => (fleet === null ? 0 : askingCount(fleet.byHealth)));
  const subject = route.page === 'device' ? place : names[route.page];
  const title = `${asking > 0 ? `(${asking}) ` : ''}${subject} · ${strings.product}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
