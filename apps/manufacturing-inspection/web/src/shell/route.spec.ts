import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRoute, routeHref, verdictFilters } from './route.js';
import type { Route } from './route.js';

describe('routes', () => {
  it('reads back every address that it writes', () => {
    const route = fc.oneof<fc.Arbitrary<Route>[]>(
      fc.constant({ page: 'overview' }),
      fc.constant({ page: 'health' }),
      fc.constantFrom(...verdictFilters).map((verdict) => ({ page: 'evidence', verdict })),
      fc.string({ minLength: 1 }).map((resultId) => ({ page: 'part', resultId })),
      fc.option(fc.nat(255)).map((classIndex) => ({ page: 'thresholds', classIndex })),
    );
    fc.assert(
      fc.property(route, (each) => {
        expect(parseRoute(routeHref(each))).toEqual(each);
      }),
    );
  });

  it('leads a mistyped address to the overview', () => {
    expect(['', '#', '#/nowhere', '#/parts', '#/parts/'].map(parseRoute)).toEqual(
      Array.from({ length: 5 }, () => ({ page: 'overview' })),
    );
    expect(parseRoute('#/evidence?verdict=odd')).toEqual({ page: 'evidence', verdict: 'reject' });
    expect(parseRoute('#/thresholds/-1')).toEqual({ page: 'thresholds', classIndex: null });
    expect(parseRoute('#/parts/%E0%A4%A')).toEqual({ page: 'part', resultId: '%E0%A4%A' });
  });
});
