import { ConfigError } from '@edge-blueprints/contracts';
import type { WardConfig } from '../config.js';
import type { AssociationBook } from '../ingest/association-book.js';
import type { LimitBook } from '../limits/limit-book.js';
import type { ObservationDesk } from '../scores/observations/observation-desk.js';
import type { ActOutcome } from '../scores/signed-act.js';
import type { IdentityBook } from './identity-book.js';

/** Who answers in the trail for what the configuration says. */
const actor = { id: 'configuration', role: 'charge-nurse' } as const;
const prescriber = { id: 'configuration', role: 'physician' } as const;

/** Patients of the configuration come to beds that have none: a demonstration begins with a full ward. @throws ConfigError `ward.admission` */
export async function admitConfigured(
  admissions: WardConfig['admissions'],
  parts: {
    readonly observations: ObservationDesk;
    readonly book: AssociationBook;
    readonly limits: Pick<LimitBook, 'set'>;
    readonly identities: IdentityBook;
    readonly now: () => number;
  },
): Promise<void> {
  const { observations, book, limits, identities, now } = parts;
  const present = new Set(observations.beds());
  for (const { bed, device, scale, limits: own, ...person } of admissions) {
    if (present.has(bed)) continue;
    const steps: readonly (() => Promise<ActOutcome> | undefined)[] = [
      () => observations.startPatient(bed, person, actor, now()),
      () => (device === undefined ? undefined : book.associate(device, bed, actor, now())),
      () => (scale === 1 ? undefined : observations.setScale(bed, scale, 'configured', prescriber, now())),
      () => (Object.keys(own).length === 0 ? undefined : limits.set(bed, own, 'configured', prescriber)),
    ];
    for (const step of steps) {
      const outcome = await step();
      if (outcome?.outcome === 'refused')
        throw new ConfigError('ward.admission', `The patient of ${bed} cannot be admitted: ${outcome.text}`);
    }
    identities.put(bed, person);
  }
}
