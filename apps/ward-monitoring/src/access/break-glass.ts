import { join } from 'node:path';
import type { AuditTrail, WardRole } from '@edge-blueprints/contracts';
import { wardRoles } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { type ActOutcome, perform } from '../scores/signed-act.js';
import { readStateFile, writeStateFile } from '../ward/state-files.js';
import type { WardUser } from './ward-users.js';

/** The role that counts for a user now. `session` marks every entry of somebody who acts beyond the own role. */
export type Standing = (user: Pick<WardUser, 'name' | 'role'>) => {
  readonly role: WardRole;
  readonly session?: string;
  readonly untilMs?: number;
};

const useSchema = z.strictObject({
  id: z.string().max(40),
  by: z.string().max(32),
  ownRole: z.enum(wardRoles),
  /** RFC 3339. */
  from: z.string(),
  ended: z.string().nullable(),
  reason: z.string().max(200),
  reviewed: z.strictObject({ by: z.string(), at: z.string(), words: z.string().max(200) }).nullable(),
});
const fileSchema = z.array(useSchema).max(500);
export type BreakGlassUse = Readonly<z.infer<typeof useSchema>>;

export interface BreakGlass {
  readonly standing: Standing;
  start(user: WardUser, reason: string): Promise<ActOutcome>;
  stop(user: Pick<WardUser, 'name'>): Promise<ActOutcome>;
  /** Ends what has lasted long enough; about once a second. */
  tick(): void;
  /** Those that hold now, for every station to see. */
  open(): readonly { readonly by: string; readonly untilMs: number }[];
  /** Newest first, for the review. */
  uses(): readonly BreakGlassUse[];
  /** By somebody else than who used it. */
  review(id: string, by: { readonly id: string; readonly role: WardRole }, words: string): Promise<ActOutcome>;
}

export interface BreakGlassOptions {
  readonly folder: string;
  readonly trail: AuditTrail;
  /** Journal clock and wall clock. */
  readonly now: () => number;
  readonly epochMs: () => number;
  readonly newId: () => string;
}

const lastsMs = 15 * 60_000;
const mostUses = 500;
/** The rights of whom an emergency gives. */
const emergencyRole: WardRole = 'physician';
const anyRole = wardRoles.filter((role) => role !== 'wall');
const reviewers = ['charge-nurse', 'auditor'] as const satisfies readonly WardRole[];

/**
 * Rights beyond the own role for fifteen minutes, with a reason: seen at every station, sent to the SIEM at once by its own type of
 * entry, marked in each entry of that time, and kept until somebody else has reviewed it. A restart ends it.
 */
export function openBreakGlass({ folder, trail, now, epochMs, newId }: BreakGlassOptions): BreakGlass {
  const file = join(folder, 'break-glass.json');
  const at = (): string => new Date(epochMs()).toISOString();
  let uses: readonly BreakGlassUse[] = (readStateFile(file, fileSchema) ?? []).map((use) => ({
    ...use,
    ended: use.ended ?? at(),
  }));
  const holding = new Map<string, { readonly id: string; readonly untilMs: number }>();
  const put = (next: readonly BreakGlassUse[]): void => {
    uses = next;
    writeStateFile(file, uses);
  };
  const changed = (id: string, more: Partial<BreakGlassUse>): readonly BreakGlassUse[] =>
    uses.map((use) => (use.id === id ? { ...use, ...more } : use));
  const holds = (name: string) => {
    const held = holding.get(name);
    return held !== undefined && now() < held.untilMs ? held : undefined;
  };
  const state = (text: string | undefined) => (text === undefined ? undefined : { why: 'state' as const, text });

  return {
    standing(user) {
      const held = holds(user.name);
      return held === undefined
        ? { role: user.role }
        : { role: emergencyRole, session: `break-glass/${held.id}`, untilMs: held.untilMs };
    },
    start(user, reason) {
      const id = newId();
      const full = uses.length >= mostUses && uses.every(({ reviewed }) => reviewed === null);
      const problem =
        reason.trim() === ''
          ? { why: 'input' as const, text: 'give the reason of the emergency' }
          : state(
              holds(user.name) !== undefined
                ? 'the rights of an emergency are in use already'
                : full
                  ? `${mostUses} emergencies wait for their review`
                  : undefined,
            );
      return perform(
        trail,
        {
          actor: { id: user.name, role: user.role, session: `break-glass/${id}` },
          ...{ type: 'breakglass.start', object: `break-glass/${id}`, action: 'take the rights of an emergency' },
          ...{ reason: reason.slice(0, 200), allowed: anyRole, problem },
        },
        () => {
          holding.set(user.name, { id, untilMs: now() + lastsMs });
          const { name: by, role: ownRole } = user;
          const use = { id, by, ownRole, from: at(), ended: null, reason: reason.slice(0, 200), reviewed: null };
          const oldest = uses.length < mostUses ? -1 : uses.findIndex(({ reviewed }) => reviewed !== null);
          put([...uses.filter((_, index) => index !== oldest), use]);
        },
      );
    },
    stop({ name }) {
      const held = holds(name);
      return perform(
        trail,
        {
          actor: { id: name, role: emergencyRole, session: `break-glass/${held?.id ?? 'none'}` },
          ...{ type: 'breakglass.stop', object: `break-glass/${held?.id ?? 'none'}`, action: 'give them back' },
          ...{ allowed: anyRole, problem: state(held === undefined ? 'no emergency is in use' : undefined) },
        },
        () => {
          holding.delete(name);
          if (held !== undefined) put(changed(held.id, { ended: at() }));
        },
      );
    },
    tick() {
      for (const [name, { id, untilMs }] of holding) {
        if (now() < untilMs) continue;
        holding.delete(name);
        const actor = { id: name, role: emergencyRole, session: `break-glass/${id}` };
        trail
          .record([
            {
              ...{ type: 'breakglass.stop', actor, object: `break-glass/${id}` },
              ...{ action: 'end after 15 minutes', outcome: 'success' as const },
            },
          ])
          .catch(() => undefined);
        put(changed(id, { ended: at() }));
      }
    },
    open: () => [...holding].map(([by, { untilMs }]) => ({ by, untilMs })),
    uses: () => [...uses].reverse(),
    review(id, by, words) {
      const use = uses.find((one) => one.id === id);
      const problem =
        use === undefined
          ? 'there is no such use'
          : use.reviewed !== null
            ? `${use.reviewed.by} reviewed it`
            : use.ended === null
              ? 'it still lasts'
              : use.by === by.id
                ? 'another person than the one who used it has to review it'
                : undefined;
      return perform(
        trail,
        {
          ...{ actor: by, type: 'breakglass.review', object: `break-glass/${use?.id ?? 'unknown'}` },
          ...{
            action: 'review an emergency',
            reason: words.slice(0, 200),
            allowed: reviewers,
            problem: state(problem),
          },
        },
        () => put(changed(id, { reviewed: { by: by.id, at: at(), words: words.slice(0, 200) } })),
      );
    },
  };
}
