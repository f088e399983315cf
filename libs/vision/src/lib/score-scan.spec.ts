import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scanScores } from './score-scan.js';

it('stops at exactly the values that are not within 0 <= value < floor', () => {
  const value = fc.oneof(
    fc.float(),
    fc.float({ min: 0, max: 1, noNaN: true }),
    fc.constantFrom(0, -0, 0.25, NaN, Infinity, -Infinity, -1e-30),
  );
  const rare = fc.oneof({ weight: 15, arbitrary: fc.constantFrom(0, 0.01, 0.2) }, { weight: 1, arbitrary: value });
  fc.assert(
    fc.property(fc.oneof(fc.array(value, { maxLength: 30 }), fc.array(rare, { maxLength: 90 })), (values) => {
      const scores = Float32Array.from([9, ...values]).subarray(1);
      const scan = scanScores(scores, 0.25);
      const stops: number[] = [];
      for (let i = scan.next(0, scores.length); i < scores.length; i = scan.next(i + 1, scores.length)) stops.push(i);
      const expected = Array.from(scores.keys()).filter(
        (i) => !((scores[i] ?? 0) < 0.25 && (Object.is(scores[i], 0) || (scores[i] ?? 0) > 0)),
      );
      expect(stops).toEqual(expected);
    }),
  );
});
