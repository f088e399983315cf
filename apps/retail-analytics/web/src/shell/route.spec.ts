import { describe, expect, it } from 'vitest';
import { pages, parseRoute, routeHref } from './route.js';

describe('routes', () => {
  it('reads back every address that it writes', () => {
    for (const page of pages) expect(parseRoute(routeHref({ page }))).toEqual({ page });
    const camera = { page: 'cameras', camera: 'tills/2 left' } as const;
    expect(parseRoute(routeHref(camera))).toEqual(camera);
  });

  it('leads a mistyped address to the first page', () => {
    for (const hash of ['', '#', '#/nowhere']) expect(parseRoute(hash)).toEqual({ page: 'now' });
  });
});
