import type { Box } from '@edge-blueprints/contracts';
import { boxOf, type BoxFilter } from './box-filter.js';
import { axisNumbers, predictAxis, startAxis, updateAxis } from './constant-velocity.js';

const [x, y, aspect, height] = [0, axisNumbers, 2 * axisNumbers, 3 * axisNumbers];
/** Standard deviations as shares of the box height: of a position, of a velocity per frame. */
const [positionShare, velocityShare] = [1 / 20, 1 / 160];

/**
 * Centre, aspect (width over height) and height of a box, all noises in proportion to the height. While it coasts the
 * height stops growing or shrinking.
 * @see Zhang et al., ByteTrack, arXiv 2110.06864; the filter of DeepSORT, Wojke et al., arXiv 1703.07402, section 2.1
 */
export function createHeightFilter(first: Box): BoxFilter {
  const state = new Float64Array(4 * axisNumbers);
  const start = measure(first);
  const position = (2 * positionShare * start.height) ** 2;
  const velocity = (10 * velocityShare * start.height) ** 2;
  startAxis(state, x, start.cx, position, velocity);
  startAxis(state, y, start.cy, position, velocity);
  startAxis(state, aspect, start.aspect, 1e-4, 1e-10);
  startAxis(state, height, start.height, position, velocity);
  return {
    predict: (steps, coasting) => {
      if (coasting) state[height + 1] = 0;
      const tall = state[height] ?? 0;
      const moved = (positionShare * tall) ** 2;
      const turned = (velocityShare * tall) ** 2;
      predictAxis(state, x, steps, moved, turned);
      predictAxis(state, y, steps, moved, turned);
      predictAxis(state, aspect, steps, 1e-4, 1e-10);
      predictAxis(state, height, steps, moved, turned);
    },
    update: (box) => {
      const now = measure(box);
      const noise = (positionShare * (state[height] ?? 0)) ** 2;
      updateAxis(state, x, now.cx, noise);
      updateAxis(state, y, now.cy, noise);
      updateAxis(state, aspect, now.aspect, 1e-2);
      updateAxis(state, height, now.height, noise);
    },
    miss: () => undefined,
    box: () => boxOf(state[x] ?? 0, state[y] ?? 0, (state[aspect] ?? 0) * (state[height] ?? 0), state[height] ?? 0),
    velocity: () => [state[x + 1] ?? 0, state[y + 1] ?? 0],
  };
}

function measure(box: Box): { cx: number; cy: number; aspect: number; height: number } {
  const width = box.xMax - box.xMin;
  const tall = box.yMax - box.yMin;
  return { cx: box.xMin + width / 2, cy: box.yMin + tall / 2, aspect: width / tall, height: tall };
}
