import { useHashRoute } from '@edge-blueprints/web-kit';
import { parseRoute, routeHref } from './route.js';
import type { Route } from './route.js';

export function useRoute(): Route {
  return useHashRoute(parseRoute);
}

export function navigate(route: Route): void {
  window.location.hash = routeHref(route);
}
