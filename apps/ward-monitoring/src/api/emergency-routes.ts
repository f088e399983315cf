import { json, problem } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import type { BreakGlass } from '../access/break-glass.js';
import type { SecondPerson } from '../access/second-person.js';
import type { WardUsers } from '../access/ward-users.js';
import { problemWords } from '../scores/problem-words.js';
import { outcomeReply, type WardRoute } from './guard.js';

export interface EmergencyRouteParts {
  readonly users: WardUsers;
  readonly breakGlass: BreakGlass;
  readonly secondPerson: SecondPerson;
}

const reasonSchema = z.strictObject({ reason: z.string().max(200) });
const wordsSchema = z.strictObject({ words: z.string().min(1).max(200) });
const answerSchema = z.strictObject({ confirm: z.boolean() });

/** Rights beyond the own role for a while, and acts that need two people. Both are judged further in. */
export function emergencyRoutes({ users, breakGlass, secondPerson }: EmergencyRouteParts): readonly WardRoute[] {
  const invalid = (error: z.ZodError) => problem(400, 'ward.body-invalid', problemWords(error));
  return [
    {
      method: 'post',
      path: '/api/break-glass',
      needs: 'signed-in',
      async handle({ body }, actor) {
        const given = reasonSchema.safeParse(body);
        if (!given.success) return invalid(given.error);
        const user = users.find(actor.id);
        return user === undefined
          ? problem(401, 'ward.sign-in-needed', 'Sign in to do this')
          : outcomeReply(await breakGlass.start(user, given.data.reason));
      },
    },
    {
      method: 'delete',
      path: '/api/break-glass',
      needs: 'signed-in',
      handle: async (_request, actor) => outcomeReply(await breakGlass.stop({ name: actor.id })),
    },
    { method: 'get', path: '/api/break-glass', needs: 'review', handle: () => json(breakGlass.uses()) },
    {
      method: 'post',
      path: '/api/break-glass/:id/review',
      needs: 'review',
      async handle({ params, body }, actor) {
        const given = wordsSchema.safeParse(body);
        if (!given.success) return invalid(given.error);
        return outcomeReply(await breakGlass.review(params['id'] ?? '', actor, given.data.words));
      },
    },
    {
      method: 'post',
      path: '/api/proposals/:id',
      needs: 'limits',
      async handle({ params, body }, actor) {
        const given = answerSchema.safeParse(body);
        if (!given.success) return invalid(given.error);
        const id = params['id'] ?? '';
        return outcomeReply(
          await (given.data.confirm ? secondPerson.confirm(id, actor) : secondPerson.withdraw(id, actor)),
        );
      },
    },
  ];
}
