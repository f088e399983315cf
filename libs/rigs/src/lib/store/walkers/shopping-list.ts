import type { Random } from '@edge-blueprints/contracts';
import type { Stop } from './party.js';
import type { ShelfSpot } from './shelf-spots.js';

/** Median seconds before a shelf; the spread of the logarithm is the same everywhere. */
const medianDwellS = 22;
const dwellSigma = 0.7;
const longestDwellS = 150;
/** Some zones draw more than others. */
const pull: Readonly<Record<string, number>> = { produce: 1, bakery: 1.3, drinks: 0.8, chilled: 0.9, promotion: 0.8 };
const otherPull = 0.35;

/**
 * Places to go to, in the order of the store, and how long to stay at each (log-normal). Places that somebody else is at
 * or on the way to are left out; the chosen ones are added to `taken`.
 */
export function drawShopping(
  random: Random,
  spots: readonly ShelfSpot[],
  taken: Set<number>,
  wanted = 1 + Math.min(7, Math.floor(-Math.log(1 - random.next()) * 3.2)),
): Stop[] {
  const zones = [...new Set(spots.map(({ zone }) => zone))];
  const pulls = zones.map((zone) => (zone === undefined ? otherPull : (pull[zone] ?? 1)));
  const total = pulls.reduce((sum, each) => sum + each, 0);
  const chosen: number[] = [];
  for (let item = 0; item < wanted; item += 1) {
    let pick = random.next() * total;
    const zone = zones[pulls.findIndex((each) => (pick -= each) < 0)];
    const free = spots.flatMap((spot, index) => (spot.zone === zone && !taken.has(index) ? [index] : []));
    const [first, ...others] = free;
    if (first === undefined) continue;
    const spot = random.pick([first, ...others]);
    taken.add(spot);
    chosen.push(spot);
  }
  const back = random.next() < 0.4 ? -1 : 1;
  const rank = (index: number): number => back * (zones.indexOf(spots[index]?.zone) * 100 + (spots[index]?.at[1] ?? 0));
  chosen.sort((a, b) => rank(a) - rank(b));
  return chosen.flatMap((index) => {
    const spot = spots[index];
    if (spot === undefined) return [];
    const dwellS = Math.max(2, Math.min(longestDwellS, medianDwellS * Math.exp(dwellSigma * random.normal())));
    const rest = random.pick(['reach', 'reach', 'stand', 'stand', 'crouch'] as const);
    return [{ at: spot.at, dwellS, rest, faceRad: spot.faceRad, spot: index }];
  });
}
