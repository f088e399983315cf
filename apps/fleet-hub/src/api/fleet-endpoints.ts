import { fleetIdPattern } from '@edge-blueprints/contracts';
import { json, problem } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import { appendAudit } from '../audit/audit-log.js';
import { deviceSorts } from '../devices/device-book.js';
import { readHubDrift } from '../drift/hub-drift.js';
import { readHubStores } from '../stores/hub-stores.js';
import { endpoint, jsonAnswer, nameOf, noBody, none } from './endpoint.js';
import type { Endpoint } from './endpoint.js';
import {
  deviceDetailSchema,
  devicePageSchema,
  fleetSummarySchema,
  healthSchema,
  hubDriftSchema,
  hubStoresSchema,
} from './fleet-answers.js';
import type { HubApiDeps } from './hub-api-deps.js';

const fleetId = z.string().regex(fleetIdPattern, 'is not 1 to 64 of a-z, 0-9 and dash');
const identity = z.strictObject({ site: fleetId, device: fleetId });
export const reasonSchema = z.string().trim().min(3, 'tell the reason in 3 characters or more').max(500);

/** The fleet, its devices and their drift. */
export function fleetEndpoints(deps: HubApiDeps): readonly Endpoint[] {
  const unknown = (site: string, device: string) =>
    problem(404, 'devices.unknown', `There is no device ${site}/${device}; it never sent anything`);
  return [
    endpoint({
      method: 'get',
      path: '/api/fleet',
      access: 'viewer',
      summary: 'Counts of the whole fleet',
      params: none,
      query: none,
      body: noBody,
      answer: jsonAnswer(fleetSummarySchema),
      handle: async () => json(await deps.fleet.summary()),
    }),
    endpoint({
      method: 'get',
      path: '/api/devices',
      access: 'viewer',
      summary: 'Devices, searched, sorted and paged',
      params: none,
      query: z.strictObject({
        search: z.string().max(200).default(''),
        site: fleetId.optional(),
        health: healthSchema.optional(),
        sort: z.enum(deviceSorts).default('device'),
        order: z.enum(['ascending', 'descending']).default('ascending'),
        offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
        limit: z.coerce.number().int().min(1).max(10_000).default(100),
      }),
      body: noBody,
      answer: jsonAnswer(devicePageSchema),
      handle: async ({ query: { order, site, health, ...rest } }) => {
        const descending = order === 'descending';
        return json(await deps.fleet.devices({ ...rest, site: site ?? null, health: health ?? null, descending }));
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/devices/{site}/{device}',
      access: 'viewer',
      summary: 'One device with latencies, series, contiguity and alerts',
      params: identity,
      query: none,
      body: noBody,
      answer: jsonAnswer(deviceDetailSchema),
      handle: async ({ params }) => {
        const found = await deps.fleet.device(params);
        return found === undefined ? unknown(params.site, params.device) : json(found);
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/devices/{site}/{device}/revoke',
      access: 'admin',
      summary: 'Shuts a device out within 10 s, whatever certificate it shows',
      params: identity,
      query: none,
      body: z.strictObject({ reason: reasonSchema }),
      answer: jsonAnswer(z.strictObject({ revoked: z.literal(true) })),
      handle: async ({ params, body: { reason }, user }) => {
        if ((await deps.fleet.device(params)) === undefined) return unknown(params.site, params.device);
        const who = nameOf(user);
        await deps.revoke(params, who, reason);
        const target = `${params.site}/${params.device}`;
        const entry = { at: deps.nowIso(), who, action: 'device.revoke', target, detail: reason };
        await deps.store.transaction((session) => appendAudit(session, [entry]));
        return json({ revoked: true });
      },
    }),
    endpoint({
      method: 'get',
      path: '/api/drift',
      access: 'viewer',
      summary: 'Newest drift report of each device, those with alarms first',
      params: none,
      query: z.strictObject({
        site: fleetId.optional(),
        device: fleetId.optional(),
        limit: z.coerce.number().int().min(1).max(1_000).default(200),
      }),
      body: noBody,
      answer: jsonAnswer(hubDriftSchema),
      handle: async ({ query }) => json(await readHubDrift(deps.store, query)),
    }),
    endpoint({
      method: 'get',
      path: '/api/stores',
      access: 'viewer',
      summary: 'What each store released: newest release of each metric, counts of the last windows',
      params: none,
      query: z.strictObject({
        site: fleetId.optional(),
        windows: z.coerce.number().int().min(1).max(200).default(48),
        limit: z.coerce.number().int().min(1).max(500).default(200),
      }),
      body: noBody,
      answer: jsonAnswer(hubStoresSchema),
      handle: async ({ query }) => json(await readHubStores(deps.store, query)),
    }),
  ];
}
