import { ConfigError, UsageError } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clearMot, clearMotScores, addClearMot } from './clear-mot.js';
import { hotaScore } from './hota.js';
import { identityScore } from './identity-score.js';
import { mot17Preprocess } from './mot17-preprocess.js';
import { motSequence } from './mot-sequence.js';
import { formatMot, parseMot, type MotBox } from './mot-text.js';

/** A person of 10 x 10 pixels; a step of 2 px leaves an IoU of 2/3, one of 5 px of 1/3. */
const at = (frame: number, id: number, x: number, extra: Partial<MotBox> = {}): MotBox => ({
  frame,
  id,
  box: { xMin: x, yMin: 0, xMax: x + 10, yMax: 10 },
  confidence: 1,
  classIndex: undefined,
  visibility: undefined,
  ...extra,
});
const frames = (n: number, make: (frame: number) => MotBox[]): MotBox[] =>
  Array.from({ length: n }, (_, i) => make(i + 1)).flat();

describe('MOT text', () => {
  it('is read in any order, with blanks and Windows line ends, and written as trackers hand it in', () => {
    const boxes = parseMot('2,7,10.5,20,30,40,0.9,-1,-1,-1\r\n1, 7, 1, 2, 3, 4, 1\n\n', 'a.txt');
    expect(boxes.map(({ frame, id, box }) => [frame, id, box.xMax, box.yMax])).toEqual([
      [2, 7, 40.5, 60],
      [1, 7, 4, 6],
    ]);
    expect(formatMot(boxes.slice(0, 1))).toBe('2,7,10.50,20.00,30.00,40.00,1,-1,-1,-1\n');
    expect(parseMot('1,1,0,0,5,5,0,8,0.25', 'gt.txt', 'mot16')[0]).toMatchObject({
      classIndex: 8,
      visibility: 0.25,
      confidence: 0,
    });
  });

  it('names every bad line by its number', () => {
    const bad = (): unknown => parseMot('1,1,0,0,5,5,1\nx\n0,1,0,0,5,5,1\n3,1,0,0,0,5,1\n3,1,0,0,a,5,1', 'det.txt');
    expect(bad).toThrow(ConfigError);
    expect(bad).toThrow(/det\.txt[\s\S]*line 2:[\s\S]*line 3:[\s\S]*line 4:[\s\S]*line 5:/);
    expect(() => motSequence([at(1, 4, 0), at(1, 4, 50)], [])).toThrow(UsageError);
  });
});

describe('CLEAR MOT', () => {
  it('a perfect result has nothing wrong, and twice the sequences have twice the counts', () => {
    const truth = frames(10, (f) => [at(f, 1, 5 * f), at(f, 2, 300 - f)]);
    const counts = clearMot(motSequence(truth, truth));
    expect(clearMotScores(counts)).toEqual({ mota: 1, motp: 1, recall: 1, precision: 1 });
    expect(counts).toMatchObject({ truths: 20, matches: 20, mostlyTracked: 2, objectsFound: 2, objectTracks: 2 });
    expect(addClearMot([counts, counts])).toMatchObject({ truths: 40, mostlyTracked: 4, idSwitches: 0 });
  });

  it('counts a switch, a gap and a false alarm once each', () => {
    const truth = frames(10, (f) => [at(f, 1, 0)]);
    const result = frames(10, (f) => (f === 4 ? [] : f === 10 ? [at(f, 9, 0), at(f, 8, 500)] : [at(f, 7, 0)]));
    const counts = clearMot(motSequence(truth, result));
    expect(counts).toMatchObject({
      falseNegatives: 1,
      falsePositives: 1,
      idSwitches: 1,
      fragmentations: 1,
      mostlyTracked: 1,
      objectTracks: 2,
    });
    expect(clearMotScores(counts).mota).toBeCloseTo(0.7, 12);
  });

  it('keeps a pair that matched before although another track fits better now', () => {
    const truth = frames(3, (f) => [at(f, 1, 0)]);
    const result = frames(3, (f) => (f === 1 ? [at(f, 7, 0)] : [at(f, 7, 2), at(f, 8, 0)]));
    expect(clearMot(motSequence(truth, result))).toMatchObject({ idSwitches: 0, falsePositives: 2, falseNegatives: 0 });
  });

  it('matches as many as possible before it looks at distances', () => {
    // Track 7 lies on object 1, but object 2 has nothing else within reach.
    const truth = [at(1, 1, 0), at(1, 2, 3)];
    const result = [at(1, 7, 0), at(1, 8, -3)];
    expect(clearMot(motSequence(truth, result))).toMatchObject({ matches: 2, falsePositives: 0 });
  });

  it('an overlap of exactly one half is a match', () => {
    const half = { xMin: 0, yMin: 0, xMax: 10, yMax: 5 };
    expect(clearMot(motSequence([at(1, 1, 0)], [at(1, 7, 0, { box: half })])).matches).toBe(1);
  });
});

describe('IDF1 and HOTA', () => {
  it('a track that changes in the middle halves the identity, not the detection', () => {
    const truth = frames(10, (f) => [at(f, 1, 0)]);
    const pairs = motSequence(
      truth,
      frames(10, (f) => [at(f, f <= 5 ? 7 : 8, 0)]),
    );
    expect(identityScore(pairs)).toMatchObject({ truePositives: 5, idf1: 0.5, precision: 0.5, recall: 0.5 });
    // Each box has an association of 5 / (10 + 5 - 5); HOTA is the root of detection 1 times association 1/2.
    const { hota, detection, association } = hotaScore(pairs);
    expect([hota, detection, association]).toEqual([Math.SQRT1_2, 1, 0.5].map((v) => expect.closeTo(v, 12)));
  });

  it('HOTA counts a box of IoU 1/2 at the 10 thresholds up to 0.5, that one included', () => {
    const half = { xMin: 0, yMin: 0, xMax: 10, yMax: 5 };
    const score = hotaScore(motSequence([at(1, 1, 0)], [at(1, 7, 0, { box: half })]));
    expect(score.hota).toBeCloseTo(10 / 19, 12);
    expect(score.localisation).toBeCloseTo((10 * 0.5 + 9) / 19, 12);
  });

  it('lie between 0 and 1, are 1 for the truth itself, and do not depend on how ids are numbered', () => {
    const box = fc.record({
      frame: fc.integer({ min: 1, max: 6 }),
      id: fc.integer({ min: 1, max: 4 }),
      x: fc.integer({ min: 0, max: 30 }),
    });
    const some = fc
      .uniqueArray(box, { minLength: 1, maxLength: 16, selector: ({ frame, id }) => `${frame}/${id}` })
      .map((list) => list.map(({ frame, id, x }) => at(frame, id, x)));
    fc.assert(
      fc.property(some, some, (truth, result) => {
        const pairs = motSequence(truth, result);
        const renamed = motSequence(
          truth,
          result.map((b) => ({ ...b, id: 100 - b.id })),
        );
        for (const score of [identityScore(pairs).idf1, hotaScore(pairs).hota]) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1 + 1e-12);
        }
        expect(identityScore(renamed).idf1).toBeCloseTo(identityScore(pairs).idf1, 12);
        expect(hotaScore(motSequence(truth, truth)).hota).toBeCloseTo(1, 12);
        const { truths, matches, falseNegatives, falsePositives } = clearMot(pairs);
        expect([matches + falseNegatives, matches + falsePositives]).toEqual([truths, result.length]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('MOT17 rules', () => {
  it('score flagged pedestrians, and drop what was tracked on a distractor unless a pedestrian fits it better', () => {
    const truth = [
      at(1, 1, 0, { classIndex: 1 }),
      at(1, 2, 100, { classIndex: 8 }),
      at(1, 3, 200, { classIndex: 7 }),
      at(1, 4, 300, { classIndex: 1, confidence: 0 }),
      at(1, 5, 400, { classIndex: 3 }),
      at(1, 6, 1, { classIndex: 12 }),
    ];
    const result = [at(1, 11, 0), at(1, 12, 100), at(1, 13, 202), at(1, 14, 300), at(1, 15, 400), at(1, 16, 105)];
    const scored = mot17Preprocess(truth, result);
    expect(scored.truth.map(({ id }) => id)).toEqual([1]);
    // 14 lies on a pedestrian that is not scored, 15 on a car: both are false alarms by the rules, as 16 is.
    expect(scored.result.map(({ id }) => id)).toEqual([11, 14, 15, 16]);
  });
});
