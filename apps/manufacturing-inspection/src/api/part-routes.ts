import type { PartRecord } from '@edge-blueprints/contracts';
import { json, problem } from '@edge-blueprints/dashboard';
import type { ApiRoute } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import type { PartStore } from '../record/part-store-port.js';
import { badRequest } from './bad-request.js';

const listSchema = z.strictObject({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.string().min(1).max(100).optional(),
  verdict: z.enum(['pass', 'reject', 'review', 'error']).optional(),
});
const overruleSchema = z.strictObject({
  verdict: z.enum(['pass', 'reject']),
  reason: z.string().trim().min(3).max(500),
});
const noPart = (id: string) =>
  problem(404, 'parts.not-found', `There is no record of part ${id}; it was never stored or has made room`);

/** Records and pictures of parts, and the operator's word against a verdict. */
export function partRoutes(deps: {
  readonly store: PartStore;
  readonly nowIso: () => string;
  readonly onOverruled: (record: PartRecord) => void;
}): readonly ApiRoute[] {
  const { store } = deps;
  return [
    {
      method: 'get',
      path: '/api/parts',
      access: 'public',
      handle: async ({ query }) => {
        const parsed = listSchema.safeParse(query);
        if (!parsed.success) return badRequest(parsed.error);
        const { limit, before, verdict } = parsed.data;
        return json(
          await store.list({
            limit,
            ...(before === undefined ? {} : { before }),
            ...(verdict === undefined ? {} : { verdict }),
          }),
        );
      },
    },
    {
      method: 'get',
      path: '/api/parts/:id',
      access: 'public',
      handle: async ({ params: { id = '' } }) => {
        const record = await store.get(id);
        return record === undefined ? noPart(id) : json(record);
      },
    },
    {
      method: 'get',
      path: '/api/parts/:id/delivery',
      access: 'public',
      handle: async ({ params: { id = '' } }) =>
        (await store.get(id)) === undefined ? noPart(id) : json(await store.delivery(id)),
    },
    {
      method: 'get',
      path: '/api/images/:sha256',
      access: 'public',
      handle: async ({ params: { sha256 = '' } }) => {
        const image = /^[0-9a-f]{64}$/.test(sha256) ? await store.image(sha256) : undefined;
        if (image === undefined) return problem(404, 'images.not-found', 'This picture is not stored or has made room');
        return { kind: 'bytes', bytes: image.bytes, mime: image.mime, immutable: true };
      },
    },
    {
      method: 'post',
      path: '/api/parts/:id/overrule',
      access: 'operator',
      handle: async ({ params: { id = '' }, body }) => {
        const parsed = overruleSchema.safeParse(body);
        if (!parsed.success) return badRequest(parsed.error);
        const record = await store.overrule(id, { ...parsed.data, by: 'operator', at: deps.nowIso() });
        if (record === undefined) return noPart(id);
        deps.onOverruled(record);
        return json(record);
      },
    },
  ];
}
