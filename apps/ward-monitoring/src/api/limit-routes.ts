import { json, problem } from '@edge-blueprints/dashboard';
import { z } from 'zod';
import type { SecondPerson } from '../access/second-person.js';
import type { LimitBook } from '../limits/limit-book.js';
import { bedLimitsSchema } from '../limits/limit-settings.js';
import { ownLimitWords, widens } from '../limits/limit-words.js';
import { problemWords } from '../scores/problem-words.js';
import { bedOf, outcomeReply, type WardRoute } from './guard.js';

export interface LimitRouteParts {
  readonly limits: LimitBook;
  readonly secondPerson: SecondPerson;
  readonly save: () => void;
}

const changeSchema = z.strictObject({
  limits: z.record(z.string().max(40), z.number()),
  reason: z.string().max(200),
});

/** Limits of one bed: read, and changed with a reason. What would let more pass than the ward's limits needs a second person. */
export function limitRoutes({ limits, secondPerson, save }: LimitRouteParts): readonly WardRoute[] {
  return [
    {
      method: 'get',
      path: '/api/beds/:bed/limits',
      needs: 'history',
      handle(request) {
        const bed = bedOf(request);
        const own = limits.of(bed);
        return json({ bed, limits: own, ward: limits.ward, own: ownLimitWords(own, limits.ward) });
      },
    },
    {
      method: 'post',
      path: '/api/beds/:bed/limits',
      needs: 'limits',
      async handle(request, actor) {
        const bed = bedOf(request);
        const given = changeSchema.safeParse(request.body);
        if (!given.success) return problem(400, 'ward.body-invalid', problemWords(given.error));
        const { limits: change, reason } = given.data;
        const next = bedLimitsSchema.safeParse({ ...limits.of(bed), ...change });
        const apply = async () => {
          const outcome = await limits.set(bed, change, reason, actor);
          if (outcome.outcome === 'done') save();
          return outcome;
        };
        // What is not right is refused by the book, in its own words.
        if (!next.success || reason.trim() === '' || !widens(next.data, limits.of(bed), limits.ward))
          return outcomeReply(await apply());
        const words = ownLimitWords(next.data, limits.ward).join(', ');
        return outcomeReply(
          await secondPerson.propose({ by: actor, subject: bed, text: `Limits: ${words}`, needs: 'limits', apply }),
        );
      },
    },
  ];
}
