import { type AuditDraft, type AuditTrail, errorMessage, type WardRole } from '@edge-blueprints/contracts';
import type { Actor } from '../alarms/engine-input.js';

/** A refusal is an answer, not an error: the page shows it, and the trail holds it. */
export type ActOutcome =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'refused'; readonly why: 'role' | 'input' | 'state' | 'audit'; readonly text: string };

export interface SignedAct {
  readonly actor: Actor;
  /** Type of the entry: `observation.record`, `assoc.start` ... */
  readonly type: string;
  /** `bed/07` */
  readonly subject?: string;
  readonly object?: string;
  readonly action: string;
  /** What a person wrote: it may name somebody, so it lies in the erasable store. */
  readonly reason?: string;
  /** Clinical values: only committed to, kept in the erasable store. */
  readonly payload?: Readonly<Record<string, unknown>>;
  readonly allowed: readonly WardRole[];
  /** What is wrong with the act itself. */
  readonly problem?: { readonly why: 'input' | 'state'; readonly text: string } | undefined;
}

/** Roles that care for patients at the bed. */
export const bedsideRoles = ['nurse', 'charge-nurse', 'physician'] as const satisfies readonly WardRole[];

/**
 * Writes the act to the trail and then lets it take effect. Refused ones are written as well; an act that cannot be written
 * does not happen.
 */
export async function perform(trail: AuditTrail, act: SignedAct, apply: () => void): Promise<ActOutcome> {
  const { actor, type, action, allowed, problem } = act;
  const refusal = allowed.includes(actor.role)
    ? problem
    : { why: 'role' as const, text: `${actor.role} may not: ${action}` };
  const payload = {
    ...(refusal === undefined ? act.payload : {}),
    ...(act.reason === undefined ? {} : { words: act.reason }),
  };
  const draft: AuditDraft = {
    type,
    actor: { id: actor.id, role: actor.role, ...(actor.session === undefined ? {} : { session: actor.session }) },
    ...(act.subject === undefined ? {} : { subject: { pseudonym: act.subject } }),
    ...(act.object === undefined ? {} : { object: act.object }),
    action,
    outcome: refusal === undefined ? 'success' : 'refused',
    ...(refusal === undefined ? {} : { reason: refusal.why }),
    ...(Object.keys(payload).length === 0 ? {} : { payload }),
  };
  try {
    await trail.record([draft]);
  } catch (error) {
    const text = `not done, because the trail could not be written: ${errorMessage(error)}`;
    return refusal === undefined
      ? { outcome: 'refused', why: 'audit', text }
      : { outcome: 'refused', why: refusal.why, text: refusal.text };
  }
  if (refusal !== undefined) return { outcome: 'refused', why: refusal.why, text: refusal.text };
  apply();
  return { outcome: 'done' };
}
