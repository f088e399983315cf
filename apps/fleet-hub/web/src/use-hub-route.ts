import { useHashRoute } from '@edge-blueprints/web-kit';
import { parseRoute, routeHref } from './hub-route.js';
import type { Route } from './hub-route.js';

export function useRoute(): Route {
  return useHashRoute(parseRoute);
}

export function navigate(route: Route): void {
  window.location.hash = routeHref(route);
}

/** Changes the address without a step in the history: for every letter that is typed into a search box. */
export function rewriteAddress(route: Route): void {
  window.history.replaceState(null, '', routeHref(route));
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}
