import type { AuditTrail, ProposalView, WardRight, WardRole } from '@edge-blueprints/contracts';
import type { ActOutcome } from '../scores/signed-act.js';
import { perform } from '../scores/signed-act.js';
import { may } from './ward-rights.js';

interface Person {
  readonly id: string;
  readonly role: WardRole;
  readonly session?: string;
}

export interface Proposal {
  readonly by: Person;
  readonly subject: string;
  /** For people; values of a patient, but never a name. */
  readonly text: string;
  /** Who may confirm it. */
  readonly needs: WardRight;
  /** Done in the name of who asked for it, once it is confirmed. */
  readonly apply: () => Promise<ActOutcome>;
}

export type ProposalOutcome =
  | { readonly outcome: 'pending'; readonly id: string; readonly untilMs: number }
  | Exclude<ActOutcome, { outcome: 'done' }>;

/** Acts that one person alone must not do. They are in memory: after a restart somebody has to ask again. */
export interface SecondPerson {
  propose(proposal: Proposal): Promise<ProposalOutcome>;
  /** By another person, in time. */
  confirm(id: string, by: Person): Promise<ActOutcome>;
  /** By anybody with the right to confirm it, also by who asked. */
  withdraw(id: string, by: Person): Promise<ActOutcome>;
  waiting(): readonly ProposalView[];
}

export interface SecondPersonOptions {
  readonly trail: AuditTrail;
  /** Journal clock. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly validMs: number;
}

const mostWaiting = 50;
const roles: readonly WardRole[] = ['nurse', 'charge-nurse', 'physician'];

export function createSecondPerson({ trail, now, newId, validMs }: SecondPersonOptions): SecondPerson {
  const open = new Map<string, Proposal & { readonly untilMs: number }>();
  const expire = (): void => {
    for (const [id, { untilMs }] of open) if (now() >= untilMs) open.delete(id);
  };
  const act = (
    id: string,
    by: Person,
    words: { readonly type: string; readonly action: string },
    problem: string | undefined,
    apply: () => void,
  ): Promise<ActOutcome> => {
    const found = open.get(id);
    const may_ = found === undefined || may(by.role, found.needs);
    return perform(
      trail,
      {
        actor: by,
        ...words,
        ...(found === undefined ? {} : { subject: found.subject, object: `proposal/${id}` }),
        allowed: may_ ? [by.role] : [],
        problem: problem === undefined ? undefined : { why: 'state', text: problem },
      },
      apply,
    );
  };
  return {
    async propose(proposal) {
      expire();
      const { by, subject, text, needs } = proposal;
      const id = newId();
      const untilMs = now() + validMs;
      const full = open.size >= mostWaiting;
      const outcome = await perform(
        trail,
        {
          ...{
            actor: by,
            type: 'twoperson.proposed',
            subject,
            object: `proposal/${id}`,
            action: 'ask for a second person',
          },
          ...{ allowed: roles.filter((role) => may(role, needs)), payload: { text } },
          problem: full ? { why: 'state', text: `${mostWaiting} proposals wait already` } : undefined,
        },
        () => void open.set(id, { ...proposal, untilMs }),
      );
      return outcome.outcome === 'refused' ? outcome : { outcome: 'pending', id, untilMs };
    },
    async confirm(id, by) {
      expire();
      const found = open.get(id);
      const problem =
        found === undefined
          ? 'nothing waits under this number any more'
          : found.by.id === by.id
            ? 'another person than the one who asked has to confirm it'
            : undefined;
      const words = { type: 'twoperson.confirmed', action: 'confirm as the second person' };
      const outcome = await act(id, by, words, problem, () => void open.delete(id));
      return outcome.outcome === 'refused' || found === undefined ? outcome : found.apply();
    },
    withdraw(id, by) {
      expire();
      const problem = open.has(id) ? undefined : 'nothing waits under this number any more';
      const words = { type: 'twoperson.withdrawn', action: 'withdraw a proposal' };
      return act(id, by, words, problem, () => void open.delete(id));
    },
    waiting() {
      expire();
      return [...open].map(([id, { by, subject, text, untilMs }]) => ({ id, subject, text, by: by.id, untilMs }));
    },
  };
}
