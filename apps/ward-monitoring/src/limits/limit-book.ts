import type { AuditTrail } from '@edge-blueprints/contracts';
import type { Actor } from '../alarms/engine-input.js';
import { type ActOutcome, perform } from '../scores/signed-act.js';
import { problemWords } from '../scores/problem-words.js';
import { type BedLimits, bedLimitsSchema } from './limit-settings.js';

/** Limits of each bed: those of the ward until somebody with the right sets others. */
export interface LimitBook {
  readonly ward: BedLimits;
  of(bed: string): BedLimits;
  /** @param change some of the limits; every problem is told at once */
  set(bed: string, change: unknown, reason: string, actor: Actor): Promise<ActOutcome>;
  /** A new patient has the limits of the ward. */
  reset(bed: string): void;
  snapshot(): readonly (readonly [string, BedLimits])[];
}

export interface LimitBookOptions {
  readonly trail: AuditTrail;
  readonly ward: BedLimits;
  readonly mostBeds: number;
  readonly restored?: readonly (readonly [string, BedLimits])[];
}

export function createLimitBook({ trail, ward, mostBeds, restored = [] }: LimitBookOptions): LimitBook {
  const own = new Map(restored);
  const of = (bed: string): BedLimits => own.get(bed) ?? ward;
  return {
    ward,
    of,
    set(bed, change, reason, actor) {
      const given = typeof change === 'object' && change !== null ? change : { change };
      const parsed = bedLimitsSchema.safeParse({ ...of(bed), ...given });
      const problem = !parsed.success
        ? { why: 'input' as const, text: problemWords(parsed.error) }
        : reason.trim() === ''
          ? { why: 'input' as const, text: 'give the reason for the change of limits' }
          : !own.has(bed) && own.size >= mostBeds
            ? { why: 'state' as const, text: `limits of at most ${mostBeds} beds` }
            : undefined;
      return perform(
        trail,
        {
          actor,
          type: 'limits.change',
          subject: bed,
          action: 'change limits',
          reason: reason.slice(0, 200),
          allowed: ['charge-nurse', 'physician'],
          problem,
          ...(parsed.success ? { payload: parsed.data } : {}),
        },
        () => {
          if (parsed.success) own.set(bed, parsed.data);
        },
      );
    },
    reset: (bed) => void own.delete(bed),
    snapshot: () => [...own],
  };
}
