import { hashParts } from '@edge-blueprints/web-kit';
import { healthOrder } from './fleet/health.js';
import type { DeviceFilter } from './fleet/device-filter.js';

/** Every page has an address that can be shared: the part of the URL behind `#`. */
export type Route =
  | { readonly page: 'fleet'; readonly filter: DeviceFilter; readonly as: 'matrix' | 'table' }
  | { readonly page: 'device'; readonly site: string; readonly device: string }
  | { readonly page: 'drift'; readonly site: string | null; readonly device: string | null }
  | { readonly page: 'stores' }
  | { readonly page: 'labels' }
  | { readonly page: 'alerts'; readonly state: 'open' | 'all' }
  | { readonly page: 'audit'; readonly search: string }
  | { readonly page: 'users' };

export const noFilter: DeviceFilter = { search: '', site: null, health: [] };
export const fleetRoute: Route = { page: 'fleet', filter: noFilter, as: 'matrix' };

/** Unknown addresses lead to the overview: a mistyped link must still show the fleet. */
export function parseRoute(hash: string): Route {
  const { path, query } = hashParts(hash);
  const [page, first, second] = path;
  switch (page) {
    case 'devices':
      return first && second ? { page: 'device', site: first, device: second } : fleetRoute;
    case 'drift':
      return { page, site: first || null, device: (first && second) || null };
    case 'labels':
    case 'stores':
    case 'users':
      return { page };
    case 'alerts':
      return { page, state: query.get('state') === 'all' ? 'all' : 'open' };
    case 'audit':
      return { page, search: query.get('search') ?? '' };
    default:
      return { page: 'fleet', filter: readFilter(query), as: query.get('as') === 'table' ? 'table' : 'matrix' };
  }
}

export function routeHref(route: Route): string {
  const id = encodeURIComponent;
  switch (route.page) {
    case 'fleet': {
      const query = new URLSearchParams();
      if (route.filter.search !== '') query.set('search', route.filter.search);
      if (route.filter.site !== null) query.set('site', route.filter.site);
      if (route.filter.health.length > 0) query.set('health', route.filter.health.join(','));
      if (route.as === 'table') query.set('as', 'table');
      return withQuery('#/', query);
    }
    case 'device':
      return `#/devices/${id(route.site)}/${id(route.device)}`;
    case 'drift':
      return route.site === null || route.device === null ? '#/drift' : `#/drift/${id(route.site)}/${id(route.device)}`;
    case 'alerts':
      return route.state === 'all' ? '#/alerts?state=all' : '#/alerts';
    case 'audit':
      return withQuery('#/audit', new URLSearchParams(route.search === '' ? {} : { search: route.search }));
    case 'labels':
    case 'stores':
    case 'users':
      return `#/${route.page}`;
  }
}

function withQuery(path: string, query: URLSearchParams): string {
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

function readFilter(query: URLSearchParams): DeviceFilter {
  const named = (query.get('health') ?? '').split(',');
  return {
    search: query.get('search') ?? '',
    site: query.get('site'),
    health: healthOrder.filter((health) => named.includes(health)),
  };
}
