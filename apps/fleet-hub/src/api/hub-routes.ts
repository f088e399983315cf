import { createHash, timingSafeEqual } from 'node:crypto';
import { json, problem } from '@edge-blueprints/dashboard';
import type { ApiRoute } from '@edge-blueprints/dashboard';
import type { Endpoint } from './endpoint.js';
import { fleetEndpoints } from './fleet-endpoints.js';
import type { HubApiDeps } from './hub-api-deps.js';
import { openApiDocument } from './openapi.js';
import { recordEndpoints } from './record-endpoints.js';
import { workEndpoints } from './work-endpoints.js';

export const apiVersion = '1';

export function hubEndpoints(deps: HubApiDeps): readonly Endpoint[] {
  return [...fleetEndpoints(deps), ...workEndpoints(deps), ...recordEndpoints(deps)];
}

/** Every route of the hub besides sign-in and the page. */
export function hubRoutes(deps: HubApiDeps): readonly ApiRoute[] {
  const endpoints = hubEndpoints(deps);
  const document = openApiDocument(endpoints, apiVersion);
  return [
    ...endpoints.map(({ route }) => route),
    { method: 'get', path: '/api/openapi.json', access: 'public', handle: () => json(document) },
    {
      method: 'get',
      path: '/metrics',
      access: 'public',
      handle: async ({ bearer }) => {
        if (deps.metricsToken !== null && !same(bearer ?? '', deps.metricsToken))
          return problem(401, 'hub.metrics-token', 'Give the metrics token as Authorization: Bearer');
        const text = await deps.metricsText();
        return { kind: 'text', mime: 'text/plain; version=0.0.4; charset=utf-8', chunks: [text] };
      },
    },
  ];
}

function same(given: string, expected: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(given), digest(expected));
}
