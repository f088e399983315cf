import type { FloorPoint, Random } from '@edge-blueprints/contracts';
import type { Walker } from './walker.js';
import { createWalker, distanceTo, send } from './walker.js';
import { drawBody } from './wardrobe.js';

const fewestBetween = 12;

/** People who walk past the shop front: the camera at the door sees their feet, and they are no visitors. */
export function createPassers(
  random: Random,
  way: readonly [FloorPoint, FloorPoint],
  perHour: number,
  firstPerson: number,
): { readonly walkers: readonly Walker[]; step(nowS: number, share: number): void } {
  const walkers: Walker[] = [];
  let next = firstPerson;
  let nextAtS = 0;
  return {
    walkers,
    step: (nowS, share) => {
      for (let at = walkers.length - 1; at >= 0; at -= 1) {
        const walker = walkers[at];
        if (walker !== undefined && distanceTo(walker, walker.goal) < 0.4) walkers.splice(at, 1);
      }
      if (nowS < nextAtS) return;
      nextAtS = nowS - (Math.log(1 - random.next()) * 3600) / Math.max(1, perHour) / Math.max(0.1, share);
      if (walkers.length >= fewestBetween || nowS < 1) return;
      const own = random.fork(`passer ${next}`);
      const [from, to] = own.next() < 0.5 ? way : [way[1], way[0]];
      const off = 0.7 * own.normal() * 0.4;
      const walker = createWalker({
        id: next,
        role: 'passer-by',
        party: -1000 - (next - firstPerson),
        body: drawBody(own, 'adult', own.pick(['nothing', 'bag', 'backpack'])),
        random: own,
        at: [from[0], from[1] + off],
        headingRad: to[0] > from[0] ? 0 : Math.PI,
        access: 'customer',
      });
      next += 1;
      send(walker, [to[0], to[1] + off]);
      walkers.push(walker);
    },
  };
}
