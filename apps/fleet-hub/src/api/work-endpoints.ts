import { json, problem } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import { readLabelAccuracy } from '../labels/label-accuracy.js';
import { endpoint, jsonAnswer, nameOf, reply, noBody, none } from './endpoint.js';
import type { Endpoint } from './endpoint.js';
import { alertSchema } from './fleet-answers.js';
import type { HubApiDeps } from './hub-api-deps.js';
import { labelAccuracySchema, labelQueueSchema, labelTaskSchema, outputTestSchema } from './work-answers.js';

const rowId = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const limit = z.coerce.number().int().min(1).max(1_000).default(100);
const byId = z.strictObject({ id: rowId });
const note = z.string().trim().max(500).default('');

/** What operators work on: labels and alerts. */
export function workEndpoints(deps: HubApiDeps): readonly Endpoint[] {
  return [...labelEndpoints(deps), ...alertEndpoints(deps)];
}

function labelEndpoints(deps: HubApiDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/labels',
      access: 'viewer',
      summary: 'Verdicts that were drawn for a person to check',
      params: none,
      query: z.strictObject({ state: z.enum(['open', 'done']).default('open'), limit }),
      body: noBody,
      answer: jsonAnswer(labelQueueSchema),
      handle: async ({ query }) => json(await deps.labels.list(query.state, query.limit)),
    }),
    endpoint({
      method: 'get',
      path: '/api/labels/accuracy',
      access: 'viewer',
      summary: 'Accuracy by labels with its interval, beside the estimate without labels',
      params: none,
      query: z.strictObject({ bundleVersion: z.string().min(1).max(128).optional() }),
      body: noBody,
      answer: jsonAnswer(labelAccuracySchema),
      handle: async ({ query }) => json(await readLabelAccuracy(deps.store, query.bundleVersion)),
    }),
    endpoint({
      method: 'get',
      path: '/api/labels/{id}/pictures/{role}',
      access: 'viewer',
      summary: 'A picture of a label task; it never changes',
      params: z.strictObject({ id: rowId, role: z.enum(['test', 'template']) }),
      query: none,
      body: noBody,
      answer: { kind: 'bytes', mimes: ['image/png', 'image/webp', 'image/jpeg'] },
      handle: async ({ params: { id, role } }) => {
        const picture = await deps.labels.picture(id, role);
        return picture === undefined
          ? problem(404, 'labels.picture-unknown', `Label task ${id} has no ${role} picture`)
          : { kind: 'bytes', ...picture, immutable: true };
      },
    }),
    endpoint({
      method: 'put',
      path: '/api/labels/{id}',
      access: 'operator',
      summary: 'Says what the part really was; the same answer again changes nothing',
      params: byId,
      query: none,
      body: z.strictObject({ truth: z.enum(['good', 'bad']), note }),
      answer: jsonAnswer(labelTaskSchema),
      handle: async ({ params: { id }, body, user }) => {
        const outcome = await deps.labels.label(id, body.truth, body.note, nameOf(user));
        if (outcome.ok) deps.onAct('label', id);
        return reply(outcome);
      },
    }),
    endpoint({
      method: 'delete',
      path: '/api/labels/{id}',
      access: 'operator',
      summary: 'Takes a label back; the task is open again',
      params: byId,
      query: none,
      body: noBody,
      answer: jsonAnswer(labelTaskSchema),
      handle: async ({ params: { id }, user }) => {
        const outcome = await deps.labels.undo(id, nameOf(user));
        if (outcome.ok) deps.onAct('label', id);
        return reply(outcome);
      },
    }),
  ];
}

function alertEndpoints(deps: HubApiDeps): readonly Endpoint[] {
  return [
    endpoint({
      method: 'get',
      path: '/api/alerts',
      access: 'viewer',
      summary: 'Alerts: open ones by severity, or all, the newest first',
      params: none,
      query: z.strictObject({
        state: z.enum(['open', 'all']).default('open'),
        site: z.string().max(64).optional(),
        device: z.string().max(64).optional(),
        limit,
      }),
      body: noBody,
      answer: jsonAnswer(z.array(alertSchema)),
      handle: async ({ query }) => json(await deps.alerts.list(query)),
    }),
    endpoint({
      method: 'post',
      path: '/api/alerts/{id}/acknowledge',
      access: 'operator',
      summary: 'Somebody has seen it; lost and quarantined events are over with that',
      params: byId,
      query: none,
      body: z.strictObject({ note }),
      answer: jsonAnswer(alertSchema),
      handle: async ({ params: { id }, body, user }) => {
        const outcome = await deps.alerts.acknowledge(id, nameOf(user), body.note);
        if (outcome.ok) deps.onAct('alert', id);
        return reply(outcome);
      },
    }),
    endpoint({
      method: 'post',
      path: '/api/alerts/test',
      access: 'admin',
      summary: 'Sends a test message to every output and tells what became of it',
      params: none,
      query: none,
      body: noBody,
      answer: jsonAnswer(z.array(outputTestSchema)),
      handle: async () => json(await deps.dispatch.test(deps.signal)),
    }),
  ];
}
