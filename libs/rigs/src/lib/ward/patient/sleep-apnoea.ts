import type { Random } from '@edge-blueprints/contracts';

/**
 * Dips of SpO2 of somebody whose breathing pauses while asleep: one every 4 minutes on average, 30 s long, 2 to 6.5 points deep.
 * Chosen: about 15 an hour, a moderate case that seldom stays below a limit for long.
 */
export function createSleepApnoea(random: Random, dtS: number): (asleep: boolean) => number {
  const meanPauseS = 240;
  const lengthS = 30;
  let atS = lengthS;
  let depth = 0;
  return (asleep) => {
    atS += dtS;
    if (atS < lengthS) return depth * Math.sin((Math.PI * atS) / lengthS) ** 2;
    if (asleep && random.next() < dtS / meanPauseS) {
      atS = 0;
      depth = 2 + 4.5 * random.next() ** 2;
    }
    return 0;
  };
}
