import type { Box } from '@edge-blueprints/contracts';
import { boxOf, type BoxFilter } from './box-filter.js';
import { axisNumbers, predictAxis, startAxis, updateAxis } from './constant-velocity.js';

const [x, y, area, ratio] = [0, axisNumbers, 2 * axisNumbers, 3 * axisNumbers];
const unknownVelocity = 1e4;

/** A filter whose state can be kept and brought back. */
export interface AreaFilter extends BoxFilter {
  save(into: Float64Array): void;
  restore(from: Float64Array): void;
}

export const areaFilterNumbers = 4 * axisNumbers;

/**
 * Centre, area and aspect of a box; the aspect has no velocity. Noises in pixels per frame as published.
 * @see Bewley et al., Simple Online and Realtime Tracking, arXiv 1602.00763, section 3.2
 */
export function createAreaFilter(first: Box): AreaFilter {
  const state = new Float64Array(areaFilterNumbers);
  const measured = measure(first);
  startAxis(state, x, measured.cx, 10, unknownVelocity);
  startAxis(state, y, measured.cy, 10, unknownVelocity);
  startAxis(state, area, measured.area, 10, unknownVelocity);
  startAxis(state, ratio, measured.ratio, 10, 0);
  return {
    predict: (steps) => {
      if ((state[area] ?? 0) + steps * (state[area + 1] ?? 0) <= 0) state[area + 1] = 0;
      predictAxis(state, x, steps, 1, 0.01);
      predictAxis(state, y, steps, 1, 0.01);
      predictAxis(state, area, steps, 1, 0.0001);
      predictAxis(state, ratio, steps, 1, 0);
    },
    update: (box) => {
      const now = measure(box);
      updateAxis(state, x, now.cx, 1);
      updateAxis(state, y, now.cy, 1);
      updateAxis(state, area, now.area, 10);
      updateAxis(state, ratio, now.ratio, 10);
    },
    miss: () => undefined,
    box: () => {
      const width = Math.sqrt((state[area] ?? 0) * (state[ratio] ?? 0));
      return boxOf(state[x] ?? 0, state[y] ?? 0, width, (state[area] ?? 0) / width);
    },
    velocity: () => [state[x + 1] ?? 0, state[y + 1] ?? 0],
    save: (into) => into.set(state),
    restore: (from) => state.set(from),
  };
}

function measure(box: Box): { cx: number; cy: number; area: number; ratio: number } {
  const width = box.xMax - box.xMin;
  const height = box.yMax - box.yMin;
  return { cx: box.xMin + width / 2, cy: box.yMin + height / 2, area: width * height, ratio: width / height };
}
