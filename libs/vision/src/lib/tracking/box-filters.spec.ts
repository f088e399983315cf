import { createRandom, type Box } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAreaFilter } from './area-filter.js';
import { predictAxis, startAxis, updateAxis } from './constant-velocity.js';
import { createHeightFilter } from './height-filter.js';
import { createObservationFilter } from './observation-filter.js';

type Matrix = number[][];
const multiply = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => (b[0] ?? []).map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
const transpose = (a: Matrix): Matrix => (a[0] ?? []).map((_, j) => a.map((row) => row[j]!));
const diagonal = (values: readonly number[]): Matrix =>
  values.map((value, i) => values.map((_, j) => (i === j ? value : 0)));
const add = (a: Matrix, b: Matrix): Matrix => a.map((row, i) => row.map((value, j) => value + b[i]![j]!));

/** SORT's filter as it is written down: seven states, full matrices; the innovation covariance stays diagonal here. */
function jointFilter(first: readonly number[]) {
  const motion = diagonal([1, 1, 1, 1, 1, 1, 1]);
  for (let i = 0; i < 3; i += 1) motion[i]![i + 4] = 1;
  let state = [...first, 0, 0, 0].map((value) => [value]);
  let covariance = diagonal([10, 10, 10, 10, 1e4, 1e4, 1e4]);
  return {
    predict: () => {
      state = multiply(motion, state);
      covariance = add(
        multiply(multiply(motion, covariance), transpose(motion)),
        diagonal([1, 1, 1, 1, 0.01, 0.01, 0.0001]),
      );
    },
    update: (measured: readonly number[]) => {
      const noise = [1, 1, 10, 10];
      for (let m = 0; m < 4; m += 1) {
        const total = covariance[m]![m]! + noise[m]!;
        const gain = covariance.map((row) => row[m]! / total);
        const surprise = measured[m]! - state[m]![0]!;
        const row = [...covariance[m]!];
        state = state.map(([value = 0], i) => [value + gain[i]! * surprise]);
        covariance = covariance.map((line, i) => line.map((value, j) => value - gain[i]! * row[j]!));
      }
    },
    state: () => state.map(([value = 0]) => value),
  };
}

const measure = ({ xMin, yMin, xMax, yMax }: Box): number[] => {
  const [width, height] = [xMax - xMin, yMax - yMin];
  return [xMin + width / 2, yMin + height / 2, width * height, width / height];
};
const boxAt = (cx: number, cy: number, width = 40, height = 100): Box => ({
  xMin: cx - width / 2,
  yMin: cy - height / 2,
  xMax: cx + width / 2,
  yMax: cy + height / 2,
});

describe('box filters', () => {
  it('four filters of one coordinate are the joint filter of SORT', () => {
    const random = createRandom(3);
    const wobble = (i: number): Box => boxAt(100 + 4 * i + random.normal(), 80 - i, 40 + random.normal(), 100 + i);
    const first = wobble(0);
    const own = createAreaFilter(first);
    const joint = jointFilter(measure(first));
    for (let i = 1; i < 40; i += 1) {
      own.predict(1, false);
      joint.predict();
      if (i % 7 !== 0) {
        const seen = wobble(i);
        own.update(seen);
        joint.update(measure(seen));
      }
      const box = own.box();
      expect(box && measure(box)).toEqual(
        joint
          .state()
          .slice(0, 4)
          .map((value) => expect.closeTo(value, 6)),
      );
      expect(own.velocity()).toEqual(
        joint
          .state()
          .slice(4, 6)
          .map((value) => expect.closeTo(value, 6)),
      );
    }
  });

  it('n steps at once are n single steps', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.array(fc.double({ min: -5, max: 5, noNaN: true })), (n, seen) => {
        const [once, single] = [new Float64Array(5), new Float64Array(5)];
        for (const state of [once, single]) {
          startAxis(state, 0, 7, 10, 100);
          for (const value of seen) {
            predictAxis(state, 0, 1, 1, 0.01);
            updateAxis(state, 0, value, 2);
          }
        }
        predictAxis(once, 0, n, 1, 0.01);
        for (let i = 0; i < n; i += 1) predictAxis(single, 0, 1, 1, 0.01);
        expect([...once]).toEqual([...single].map((value) => expect.closeTo(value, 6)));
      }),
    );
  });

  it.each([createAreaFilter, createHeightFilter, createObservationFilter])(
    '%o finds the velocity of a walk, and what it predicts lies on it',
    (create) => {
      const filter = create(boxAt(0, 0));
      for (let i = 1; i <= 60; i += 1) {
        filter.predict(1, false);
        filter.update(boxAt(3 * i, -i));
      }
      expect(filter.velocity()[0]).toBeCloseTo(3, 1);
      expect(filter.velocity()[1]).toBeCloseTo(-1, 1);
      filter.predict(5, false);
      const box = filter.box();
      expect(box && measure(box)[0]).toBeCloseTo(195, 0);
    },
  );

  it('after a gap the observation filter is where a filter is that saw the straight line in between', () => {
    const [gapped, whole, plain] = [createObservationFilter, createAreaFilter, createAreaFilter].map((create) =>
      create(boxAt(0, 0)),
    );
    for (let i = 1; i <= 20; i += 1) {
      for (const filter of [gapped, whole, plain]) {
        filter?.predict(1, false);
        filter?.update(boxAt(4 * i, 0));
      }
    }
    // It turned out of sight: 80 px at the last observation, 20 px ten moments later, larger by then.
    for (let i = 1; i <= 10; i += 1) {
      for (const filter of [gapped, whole, plain]) filter?.predict(1, i > 1);
      const seen = boxAt(80 - 6 * i, 0, 40 + 2 * i, 100 + 5 * i);
      whole?.update(seen);
      for (const filter of [gapped, plain])
        if (i < 10) filter?.miss();
        else filter?.update(seen);
    }
    expect(gapped?.velocity()[0]).toBeCloseTo(whole?.velocity()[0] ?? 0, 9);
    expect(gapped?.box()?.xMax).toBeCloseTo(whole?.box()?.xMax ?? 0, 9);
    expect(Math.abs((plain?.velocity()[0] ?? 0) - (whole?.velocity()[0] ?? 0))).toBeGreaterThan(0.02);
  });
});
