import { hashParts } from '@edge-blueprints/web-kit';

/** Every page has an address that can be shared: the part of the URL behind `#`. */
export type Route =
  | { readonly page: 'overview' }
  | { readonly page: 'evidence'; readonly verdict: VerdictFilter }
  | { readonly page: 'part'; readonly resultId: string }
  | { readonly page: 'thresholds'; readonly classIndex: number | null }
  | { readonly page: 'health' };

export const verdictFilters = ['all', 'reject', 'review', 'error', 'pass'] as const;
export type VerdictFilter = (typeof verdictFilters)[number];

function isVerdictFilter(value: string | null): value is VerdictFilter {
  return verdictFilters.some((filter) => filter === value);
}

/** Unknown addresses lead to the overview: a mistyped link must still show the line. */
export function parseRoute(hash: string): Route {
  const { path, query } = hashParts(hash);
  const [page, argument] = path;
  if (page === 'evidence') {
    const verdict = query.get('verdict');
    return { page, verdict: isVerdictFilter(verdict) ? verdict : 'reject' };
  }
  if (page === 'parts' && argument) return { page: 'part', resultId: argument };
  if (page === 'thresholds') {
    const classIndex = argument ? Number(argument) : Number.NaN;
    return { page, classIndex: Number.isInteger(classIndex) && classIndex >= 0 ? classIndex : null };
  }
  if (page === 'health') return { page };
  return { page: 'overview' };
}

export function routeHref(route: Route): string {
  switch (route.page) {
    case 'overview':
      return '#/';
    case 'evidence':
      return `#/evidence?verdict=${route.verdict}`;
    case 'part':
      return `#/parts/${encodeURIComponent(route.resultId)}`;
    case 'thresholds':
      return route.classIndex === null ? '#/thresholds' : `#/thresholds/${route.classIndex}`;
    case 'health':
      return '#/health';
  }
}
