import type { Box } from '@edge-blueprints/contracts';
import { areaFilterNumbers, createAreaFilter } from './area-filter.js';
import type { BoxFilter } from './box-filter.js';

/** Longer gaps are walked in this many equal steps, so that the cost of a re-update is bounded. */
const longestWalk = 64;

/**
 * The area filter with observation-centric re-update: when something is seen again after a gap, the filter goes back to
 * the last time it was seen and is led along the straight line between the two observations. Velocity and variances are
 * then those of that line, not those of a guess that ran unchecked through the gap.
 * @see Cao et al., Observation-Centric SORT, arXiv 2203.14360, section 4.1. The new observation is applied once, as in
 * the paper; the published code applies it twice.
 */
export function createObservationFilter(first: Box): BoxFilter {
  const filter = createAreaFilter(first);
  const seen = new Float64Array(areaFilterNumbers);
  let lastSeen = first;
  let missed = 0;
  let gapSteps = 0;
  filter.save(seen);
  return {
    predict: (steps, coasting) => {
      filter.predict(steps, coasting);
      gapSteps += steps;
    },
    miss: () => {
      missed += 1;
    },
    update: (box) => {
      if (missed > 0) {
        filter.restore(seen);
        const parts = Math.min(missed + 1, longestWalk);
        for (let part = 1; part <= parts; part += 1) {
          filter.predict(gapSteps / parts, false);
          filter.update(part === parts ? box : between(lastSeen, box, part / parts));
        }
      } else filter.update(box);
      filter.save(seen);
      lastSeen = box;
      missed = 0;
      gapSteps = 0;
    },
    box: filter.box,
    velocity: filter.velocity,
  };
}

/** Centre, width and height in proportion. */
function between(from: Box, to: Box, share: number): Box {
  const mix = (a: number, b: number): number => a + share * (b - a);
  return {
    xMin: mix(from.xMin, to.xMin),
    yMin: mix(from.yMin, to.yMin),
    xMax: mix(from.xMax, to.xMax),
    yMax: mix(from.yMax, to.yMax),
  };
}
