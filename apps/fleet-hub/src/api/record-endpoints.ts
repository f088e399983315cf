import { json, verifyPassword } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import { exportAudit } from '../audit/audit-export.js';
import { refused } from '../act-outcome.js';
import { endpoint, jsonAnswer, nameOf, reply, noBody, none } from './endpoint.js';
import type { Endpoint } from './endpoint.js';
import type { HubApiDeps } from './hub-api-deps.js';
import { auditEntrySchema, auditProofSchema, roleSchema, userSchema } from './work-answers.js';

const search = z.string().max(200).default('').meta({ description: 'Words that must all occur, in any case.' });
const newPassword = z.string().min(1).max(256);
const byName = z.strictObject({ name: z.string().min(1).max(64) });

/** Who did what, and who may. */
export function recordEndpoints(deps: HubApiDeps): readonly Endpoint[] {
  return [...auditEndpoints(deps), ...userEndpoints(deps)];
}

function auditEndpoints({ audit, nowIso }: HubApiDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/audit',
      access: 'viewer',
      summary: 'Who did what, the newest first',
      params: none,
      query: z.strictObject({
        search,
        before: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
        limit: z.coerce.number().int().min(1).max(1_000).default(100),
      }),
      body: noBody,
      answer: jsonAnswer(z.array(auditEntrySchema)),
      handle: async ({ query }) => json(await audit.search({ ...query, before: query.before })),
    }),
    endpoint({
      method: 'get',
      path: '/api/audit/export',
      access: 'viewer',
      summary: 'All entries that match, the oldest first, with the hashes of their chain',
      params: none,
      query: z.strictObject({ search, format: z.enum(['csv', 'jsonl']).default('csv') }),
      body: noBody,
      answer: { kind: 'bytes', mimes: ['text/csv', 'application/jsonl'] },
      handle: ({ query: { format, search: words } }) => ({
        kind: 'text',
        mime: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8',
        chunks: exportAudit(audit.entries(words), format),
        fileName: `audit-${nowIso().slice(0, 10)}.${format}`,
      }),
    }),
    endpoint({
      method: 'get',
      path: '/api/audit/verify',
      access: 'viewer',
      summary: 'Walks the hash chain from its first entry to its end',
      params: none,
      query: none,
      body: noBody,
      answer: jsonAnswer(auditProofSchema),
      handle: async () => json(await audit.verify()),
    }),
  ];
}

function userEndpoints(deps: HubApiDeps): readonly Endpoint[] {
  const { users } = deps;
  return [
    endpoint({
      method: 'get',
      path: '/api/users',
      access: 'admin',
      summary: 'Everybody who may sign in',
      params: none,
      query: none,
      body: noBody,
      answer: jsonAnswer(z.array(userSchema)),
      handle: async () => json(await users.list()),
    }),
    endpoint({
      method: 'post',
      path: '/api/users',
      access: 'admin',
      summary: 'Adds a user',
      params: none,
      query: none,
      body: z.strictObject({ name: z.string().min(1).max(64), role: roleSchema, password: newPassword }),
      answer: jsonAnswer(userSchema),
      handle: async ({ body, user }) => reply(await users.add(nameOf(user), body.name, body.role, body.password)),
    }),
    endpoint({
      method: 'put',
      path: '/api/users/{name}',
      access: 'admin',
      summary: 'Changes role, password or whether a user may sign in; ends the sessions of that user',
      params: byName,
      query: none,
      body: z.strictObject({
        role: roleSchema.optional(),
        password: newPassword.optional(),
        disabled: z.boolean().optional(),
      }),
      answer: jsonAnswer(userSchema),
      handle: async ({ params, body, user }) => {
        const outcome = await users.change(nameOf(user), params.name, body);
        await deps.refreshSessions();
        return reply(outcome);
      },
    }),
    endpoint({
      method: 'put',
      path: '/api/account/password',
      access: 'viewer',
      summary: "One's own password; ends one's sessions",
      params: none,
      query: none,
      body: z.strictObject({ current: newPassword, next: newPassword }),
      answer: jsonAnswer(userSchema),
      handle: async ({ body, user }) => {
        const name = nameOf(user);
        const secret = await users.secretOf(name);
        if (secret === undefined)
          return reply(
            refused(
              409,
              'users.set-up-password',
              `The password of ${name} was drawn for this run of the hub and is kept nowhere; add an admin of your own under Users`,
            ),
          );
        if (!(await verifyPassword(body.current, secret.passwordHash)))
          return reply(refused(403, 'users.password-wrong', 'The current password is wrong'));
        const outcome = await users.change(name, name, { password: body.next });
        await deps.refreshSessions();
        return reply(outcome);
      },
    }),
  ];
}
