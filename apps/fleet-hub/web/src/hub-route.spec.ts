import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { healthOrder } from './fleet/health.js';
import { fleetRoute, parseRoute, routeHref } from './hub-route.js';
import type { Route } from './hub-route.js';

const name = fc.string({ unit: 'grapheme', minLength: 1 });
const filter = fc.record({
  search: fc.string(),
  site: fc.option(name),
  health: fc.subarray([...healthOrder]),
});

describe('routes', () => {
  it('reads back every address that it writes', () => {
    const route = fc.oneof<fc.Arbitrary<Route>[]>(
      fc.record({ page: fc.constant('fleet' as const), filter, as: fc.constantFrom('matrix', 'table') }),
      fc.record({ page: fc.constant('device' as const), site: name, device: name }),
      fc.record({ page: fc.constant('drift' as const), site: name, device: name }),
      fc.constant({ page: 'drift', site: null, device: null }),
      fc.record({ page: fc.constant('audit' as const), search: fc.string() }),
      fc.constantFrom<Route>({ page: 'labels' }, { page: 'users' }, { page: 'alerts', state: 'all' }),
    );
    fc.assert(
      fc.property(route, (each) => {
        expect(parseRoute(routeHref(each))).toEqual(each);
      }),
    );
  });

  it('leads a mistyped address to the fleet', () => {
    for (const hash of ['', '#', '#/nowhere', '#/devices/one', '#/?health=odd&as=odd'])
      expect(parseRoute(hash)).toEqual(fleetRoute);
  });
});
