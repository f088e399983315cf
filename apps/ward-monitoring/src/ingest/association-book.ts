import type { AuditTrail } from '@edge-blueprints/contracts';
import type { Actor } from '../alarms/engine-input.js';
import { type ActOutcome, bedsideRoles, perform } from '../scores/signed-act.js';

/** A device at a bed, from when to when. */
export interface Association {
  readonly device: string;
  readonly bed: string;
  readonly fromMs: number;
  readonly toMs?: number;
}

/** Which device is at which bed: a signed act with a beginning and an end, so that a late sample still finds the bed of its time. */
export interface AssociationBook {
  /** Ends what the device had before. */
  associate(device: string, bed: string, actor: Actor, atMs: number): Promise<ActOutcome>;
  dissociate(device: string, actor: Actor, atMs: number): Promise<ActOutcome>;
  bedOf(device: string, atMs: number): string | undefined;
  /** Those that hold now. */
  current(): readonly Association[];
  snapshot(): readonly Association[];
}

export interface AssociationOptions {
  readonly trail: AuditTrail;
  readonly mostDevices: number;
  /** Ended associations that are kept of each device. */
  readonly keptPast?: number;
  readonly restored?: readonly Association[];
}

const bedPattern = /^bed\/[a-z0-9-]{1,40}$/;
const devicePattern = /^[a-z0-9-]{1,40}$/;

export function createAssociationBook({
  trail,
  mostDevices,
  keptPast = 8,
  restored = [],
}: AssociationOptions): AssociationBook {
  const byDevice = new Map<string, readonly Association[]>();
  for (const one of restored) byDevice.set(one.device, [...(byDevice.get(one.device) ?? []), one]);

  const end = (device: string, atMs: number): void => {
    const list = (byDevice.get(device) ?? []).map((one) =>
      one.toMs === undefined ? { ...one, toMs: Math.max(atMs, one.fromMs) } : one,
    );
    byDevice.set(device, list.slice(-keptPast));
  };
  const openOf = (device: string) => (byDevice.get(device) ?? []).find(({ toMs }) => toMs === undefined);

  return {
    associate(device, bed, actor, atMs) {
      const wrong = [
        ...(devicePattern.test(device) ? [] : ['this is not a device id (a-z, 0-9, dash, at most 40)']),
        ...(bedPattern.test(bed) ? [] : ['this is not a bed such as bed/07']),
      ];
      const full = !byDevice.has(device) && byDevice.size >= mostDevices;
      const problem =
        wrong.length > 0
          ? { why: 'input' as const, text: wrong.join('; ') }
          : full
            ? { why: 'state' as const, text: `at most ${mostDevices} devices; end an association first` }
            : undefined;
      const subject = bedPattern.test(bed) ? { subject: bed } : {};
      return perform(
        trail,
        {
          actor,
          type: 'assoc.start',
          ...subject,
          object: `device/${devicePattern.test(device) ? device : 'unknown'}`,
          action: 'associate device',
          allowed: bedsideRoles,
          problem,
        },
        () => {
          end(device, atMs);
          byDevice.set(device, [...(byDevice.get(device) ?? []), { device, bed, fromMs: atMs }]);
        },
      );
    },
    dissociate(device, actor, atMs) {
      const open = openOf(device);
      const problem = open === undefined ? { why: 'state' as const, text: 'this device is at no bed' } : undefined;
      return perform(
        trail,
        {
          actor,
          type: 'assoc.end',
          ...(open === undefined ? {} : { subject: open.bed }),
          object: `device/${devicePattern.test(device) ? device : 'unknown'}`,
          action: 'dissociate device',
          allowed: bedsideRoles,
          problem,
        },
        () => end(device, atMs),
      );
    },
    bedOf: (device, atMs) =>
      (byDevice.get(device) ?? []).findLast(({ fromMs, toMs }) => fromMs <= atMs && (toMs === undefined || atMs < toMs))
        ?.bed,
    current: () => [...byDevice.keys()].flatMap((device) => openOf(device) ?? []),
    snapshot: () => [...byDevice.values()].flat(),
  };
}
