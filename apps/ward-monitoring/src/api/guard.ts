import type { AuditTrail, WardRight, WardRole } from '@edge-blueprints/contracts';
import { json, problem } from '@edge-blueprints/dashboard';
import type { ApiReply, ApiRequest, ApiRoute } from '@edge-blueprints/dashboard';
import type { Standing } from '../access/break-glass.js';
import type { ProposalOutcome } from '../access/second-person.js';
import { may } from '../access/ward-rights.js';
import type { WardUsers } from '../access/ward-users.js';
import type { ActOutcome } from '../scores/signed-act.js';

/** The person of a request. */
export interface Caller {
  readonly id: string;
  readonly role: WardRole;
  /** Of an emergency; every entry of it has this mark. */
  readonly session?: string;
}

/** One route of the ward: whoever has the right, or whoever is signed in where the act itself is judged further in. */
export interface WardRoute {
  readonly method: ApiRoute['method'];
  /** `:bed` in it must be a bed of this ward. */
  readonly path: string;
  readonly needs: WardRight | 'signed-in';
  readonly handle: (request: ApiRequest, actor: Caller) => ApiReply | Promise<ApiReply>;
}

export interface GuardOptions {
  readonly users: WardUsers;
  readonly standing: Standing;
  readonly beds: ReadonlySet<string>;
  readonly trail: AuditTrail;
  /** Of a monotonic clock. */
  readonly nowMs: () => number;
}

export interface Guard {
  route(route: WardRoute): ApiRoute;
  /** Writes that something was asked for that is not there to be asked for. */
  deny(actor: { readonly id: string; readonly role: string }, route: WardRoute, why: string): void;
}

/** Entries about refusals of one person, route and cause in a minute: who knocks again and again must not fill the trail. */
const quietMs = 60_000;
const mostKeys = 1_024;

export const bedOf = (request: ApiRequest): string => `bed/${request.params['bed'] ?? ''}`;

/** Not with the asked words: they may be anything, a patient's name as well. */
export const noSuchBed = (): ApiReply => problem(404, 'ward.bed-unknown', 'There is no such bed on this ward');

/** Denies by default, asks for the role at each request, and writes every refusal to the trail. */
export function createGuard({ users, standing, beds, trail, nowMs }: GuardOptions): Guard {
  const told = new Map<string, number>();
  const deny: Guard['deny'] = (actor, route, reason) => {
    const key = `${actor.id} ${route.method} ${route.path} ${reason}`;
    if (nowMs() - (told.get(key) ?? Number.NEGATIVE_INFINITY) < quietMs) return;
    told.delete(key);
    told.set(key, nowMs());
    const [oldest] = told.keys();
    if (told.size > mostKeys && oldest !== undefined) told.delete(oldest);
    const object = `${route.method} ${route.path}`;
    trail
      .record([{ type: 'security.denied', actor, object, action: 'request', outcome: 'refused', reason }])
      .catch(() => undefined);
  };
  return {
    deny,
    route: (route) => ({
      method: route.method,
      path: route.path,
      access: 'public',
      async handle(request) {
        const user = request.user === null ? undefined : users.find(request.user.name);
        if (user === undefined) {
          deny({ id: 'nobody', role: 'none' }, route, 'not-signed-in');
          return problem(401, 'ward.sign-in-needed', 'Sign in to do this');
        }
        const { role, session } = standing(user);
        const actor = { id: user.name, role, ...(session === undefined ? {} : { session }) };
        if (route.needs !== 'signed-in' && !may(role, route.needs)) {
          deny(actor, route, 'right');
          return problem(403, 'ward.not-permitted', `${role} may not do this; it needs the right: ${route.needs}`);
        }
        if (route.path.includes('/:bed') && !beds.has(bedOf(request))) {
          deny(actor, route, 'unknown-bed');
          return noSuchBed();
        }
        return route.handle(request, actor);
      },
    }),
  };
}

/** The answer of an act: a refusal is an answer with the gateway's own words; 503 is for a trail that takes nothing. */
export function outcomeReply(outcome: ActOutcome | ProposalOutcome): ApiReply {
  switch (outcome.outcome) {
    case 'done':
      return json({ outcome: 'done' });
    case 'pending':
      return json({ ...outcome, why: 'It waits for a second person to confirm it' });
    case 'refused':
      if (outcome.why === 'role') return problem(403, 'ward.not-permitted', outcome.text);
      return outcome.why === 'audit'
        ? problem(503, 'ward.record-failed', outcome.text)
        : json({ outcome: 'refused', why: outcome.text });
    default:
      return outcome satisfies never;
  }
}
