import type { Random } from '@edge-blueprints/contracts';
import { meanPartySize } from './party.js';

export type DayProfile = 'flat' | 'day';

/** Share of the mean rate by hour of the day from 8 to 20, mean 1: a lunch and an after-work peak. */
const dayShares = [0.55, 0.7, 0.85, 1.05, 1.35, 1.15, 0.85, 0.85, 1.1, 1.5, 1.3, 0.75] as const;
const firstHour = 8;
const maxShare = Math.max(...dayShares);

/** People per hour over the mean at this time of the day; nobody comes while the store is shut. */
export function shareAt(profile: DayProfile, startHour: number, atS: number): number {
  if (profile === 'flat') return 1;
  const hour = (((startHour + atS / 3600) % 24) + 24) % 24;
  return dayShares[Math.floor(hour - firstHour)] ?? 0;
}

export interface Arrivals {
  /** How many parties come in this step. */
  step(atS: number): number;
}

/** Parties come as a Poisson process whose rate follows the day (thinning of a process at the highest rate). */
export function createArrivals(
  random: Random,
  options: { readonly peoplePerHour: number; readonly profile: DayProfile; readonly startHour: number },
): Arrivals {
  const highest = options.profile === 'flat' ? 1 : maxShare;
  const perS = (options.peoplePerHour * highest) / 3600 / meanPartySize;
  const pause = (): number => (perS > 0 ? -Math.log(1 - random.next()) / perS : Infinity);
  let nextS = pause();
  return {
    step: (atS) => {
      let come = 0;
      while (nextS <= atS) {
        if (random.next() * highest < shareAt(options.profile, options.startHour, nextS)) come += 1;
        nextS += pause();
      }
      return come;
    },
  };
}
