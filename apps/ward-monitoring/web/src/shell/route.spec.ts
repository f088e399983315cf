import { describe, expect, it } from 'vitest';
import { parseRoute, routeHref } from './route.js';
import type { Route } from './route.js';

describe('routes', () => {
  it('reads back every address that it writes', () => {
    const routes: readonly Route[] = [
      { page: 'ward' },
      { page: 'handover' },
      { page: 'history' },
      { page: 'emergencies' },
      { page: 'bed', bed: 'bed/07 a' },
      { page: 'audit', search: '', entry: null },
      { page: 'audit', search: 'bed/07 alarm', entry: 12 },
    ];
    for (const route of routes) expect(parseRoute(routeHref(route))).toEqual(route);
  });

  it('leads a mistyped address to the ward', () => {
    for (const hash of ['', '#', '#/nowhere', '#/beds/']) expect(parseRoute(hash)).toEqual({ page: 'ward' });
  });
});
