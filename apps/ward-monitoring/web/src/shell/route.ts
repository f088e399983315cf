import { hashParts } from '@edge-blueprints/web-kit';

export const pages = ['ward', 'handover', 'history', 'emergencies', 'audit'] as const;

/** Every page has an address that can be shared: the part of the URL behind `#`. */
export type Route =
  | { readonly page: 'ward' | 'handover' | 'history' | 'emergencies' }
  | { readonly page: 'bed'; readonly bed: string }
  | { readonly page: 'audit'; readonly search: string; readonly entry: number | null };

/** Unknown addresses lead to the ward: a mistyped link must still show the patients. */
export function parseRoute(hash: string): Route {
  const { path, query } = hashParts(hash);
  const [first, second] = path;
  if (first === 'beds' && second) return { page: 'bed', bed: `bed/${second}` };
  if (first === 'audit') {
    const entry = /^\d{1,15}$/.test(second ?? '') ? Number(second) : null;
    return { page: 'audit', search: query.get('search') ?? '', entry };
  }
  return { page: first === 'handover' || first === 'history' || first === 'emergencies' ? first : 'ward' };
}

export function routeHref(route: Route): string {
  switch (route.page) {
    case 'ward':
      return '#/';
    case 'bed':
      return `#/beds/${encodeURIComponent(route.bed.replace(/^bed\//, ''))}`;
    case 'audit': {
      const entry = route.entry === null ? '' : `/${route.entry}`;
      return `#/audit${entry}${route.search === '' ? '' : `?${new URLSearchParams({ search: route.search }).toString()}`}`;
    }
    default:
      return `#/${route.page}`;
  }
}
