import { createRandom, type Box, type Detection } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { confusionMatrix } from './confusion.js';
import type { TrueDefect } from './deep-pcb-labels.js';
import {
  averagePrecision,
  bestF,
  countAtThresholds,
  matchDetections,
  meanAveragePrecision,
  type JudgedPicture,
} from './detection-metrics.js';

const labels = ['open', 'short'];
const box = (x: number, y = 0): Box => ({ xMin: x, yMin: y, xMax: x + 10, yMax: y + 10 });
const truth = (x: number, classIndex = 0): TrueDefect => ({ classIndex, label: labels[classIndex] ?? '', box: box(x) });
const found = (x: number, score: number, classIndex = 0): Detection => ({
  classIndex,
  label: labels[classIndex] ?? '',
  score,
  box: box(x),
});
const apOf = (pictures: readonly JudgedPicture[], classIndex = 0): number | null => {
  const matched = matchDetections(pictures, labels)[classIndex];
  return matched ? averagePrecision(matched) : null;
};

describe('matchDetections', () => {
  it('needs more than 0.33 overlap: a shift of 5 px (IoU 1/3) hits, one of 6 px does not', () => {
    expect(matchDetections([{ truth: [truth(0)], detections: [found(5, 0.9)] }], labels)[0]?.matched[0]?.hit).toBe(
      true,
    );
    expect(matchDetections([{ truth: [truth(0)], detections: [found(6, 0.9)] }], labels)[0]?.matched[0]?.hit).toBe(
      false,
    );
    expect(
      matchDetections([{ truth: [truth(0)], detections: [found(5, 0.9)] }], labels, 1 / 3)[0]?.matched[0]?.hit,
    ).toBe(false);
  });

  it('needs the same class and the same picture', () => {
    expect(apOf([{ truth: [truth(0)], detections: [found(0, 0.9, 1)] }])).toBe(0);
    expect(
      apOf([
        { truth: [truth(0)], detections: [] },
        { truth: [], detections: [found(0, 0.9)] },
      ]),
    ).toBe(0);
  });

  it('gives each defect to the better score only', () => {
    const [open] = matchDetections([{ truth: [truth(0)], detections: [found(1, 0.5), found(3, 0.9)] }], labels);
    expect(open?.matched).toEqual([
      { score: 0.9, hit: true },
      { score: 0.5, hit: false },
    ]);
  });

  it('gives a detection the free defect that it overlaps most', () => {
    const [open] = matchDetections(
      [{ truth: [truth(0), truth(4)], detections: [found(3, 0.9), found(1, 0.8)] }],
      labels,
    );
    expect(open?.matched.map((m) => m.hit)).toEqual([true, true]);
  });

  it('does not count what hits nothing true but lies on something that is not scored', () => {
    const detections = [found(0, 0.9), found(101, 0.8), found(200, 0.7)];
    const [open] = matchDetections([{ truth: [truth(0)], ignored: [box(0), box(100)], detections }], labels);
    expect(open?.matched).toEqual([
      { score: 0.9, hit: true },
      { score: 0.7, hit: false },
    ]);
  });

  it('refuses a class without a label', () => {
    expect(() => matchDetections([{ truth: [], detections: [found(0, 1, 7)] }], labels)).toThrow(/Class index 7/);
  });
});

describe('averagePrecision', () => {
  it('of hits 1, 0, 1 over 2 defects is (1 + 2/3) / 2', () => {
    expect(
      apOf([{ truth: [truth(0), truth(50)], detections: [found(0, 0.9), found(100, 0.8), found(50, 0.7)] }]),
    ).toBeCloseTo((1 + 2 / 3) / 2, 12);
  });

  it('takes the best precision to the right: hits 0, 1, 1 over 2 defects is 2/3', () => {
    expect(
      apOf([{ truth: [truth(0), truth(50)], detections: [found(100, 0.9), found(0, 0.8), found(50, 0.7)] }]),
    ).toBeCloseTo(2 / 3, 12);
  });

  it('counts defects that were never found: one hit of 4 is 0.25', () => {
    expect(apOf([{ truth: [truth(0), truth(30), truth(60), truth(90)], detections: [found(0, 0.9)] }])).toBe(0.25);
  });

  it('is null without defects, and the mean leaves such a class out', () => {
    const matched = matchDetections([{ truth: [truth(0)], detections: [found(0, 0.9), found(0, 0.9, 1)] }], labels);
    expect(matched.map(averagePrecision)).toEqual([1, null]);
    expect(meanAveragePrecision(matched)).toBe(1);
    expect(meanAveragePrecision(matchDetections([], labels))).toBeNull();
  });
});

describe('countAtThresholds and bestF', () => {
  const pictures = [
    {
      truth: [truth(0), truth(50), truth(0, 1)],
      detections: [found(0, 0.9), found(100, 0.6), found(50, 0.5), found(0, 0.4, 1)],
    },
  ];
  const matched = matchDetections(pictures, labels);

  it('applies the threshold of each class, at the threshold counts', () => {
    const counts = countAtThresholds(matched, (c) => (c === 0 ? 0.6 : 0.4));
    expect(counts).toMatchObject({
      truePositives: 2,
      falsePositives: 1,
      falseNegatives: 1,
      precision: 2 / 3,
      recall: 2 / 3,
    });
    expect(counts.f).toBeCloseTo(2 / 3, 12);
  });

  it('finds the threshold of the best F: all four give 3 hits of 4 and 3, F = 6/7', () => {
    expect(bestF(matched)).toMatchObject({ threshold: 0.4, truePositives: 3, f: 6 / 7 });
    expect(bestF(matchDetections([], labels))).toBeNull();
  });

  it('never splits equal scores', () => {
    const tied = matchDetections([{ truth: [truth(0)], detections: [found(0, 0.5), found(100, 0.5)] }], labels);
    expect(bestF(tied)).toMatchObject({ truePositives: 1, falsePositives: 1 });
  });
});

describe('confusionMatrix', () => {
  it('tells wrong classes, inventions and misses apart', () => {
    const pictures = [
      {
        truth: [truth(0), truth(50), truth(100, 1)],
        detections: [found(0, 0.9), found(50, 0.8, 1), found(200, 0.7), found(100, 0.1, 1)],
      },
    ];
    expect(confusionMatrix(pictures, labels, (d) => d.score >= 0.5)).toEqual([
      [1, 1, 0],
      [0, 0, 1],
      [1, 0, 0],
    ]);
  });
});

describe('properties of the metrics', () => {
  const picture = fc.record({
    truth: fc.array(fc.record({ x: fc.integer({ min: 0, max: 60 }), c: fc.integer({ min: 0, max: 1 }) }), {
      maxLength: 5,
    }),
    found: fc.array(fc.record({ x: fc.integer({ min: 0, max: 60 }), c: fc.integer({ min: 0, max: 1 }) }), {
      maxLength: 6,
    }),
  });
  // Distinct scores, because between equal ones the order of arrival decides.
  const judged = fc.tuple(fc.array(picture, { minLength: 1, maxLength: 5 }), fc.integer()).map(([list, seed]) => {
    const random = createRandom(seed);
    return list.map((p) => ({
      truth: p.truth.map((t) => truth(t.x, t.c)),
      detections: p.found.map((d) => found(d.x, random.next(), d.c)),
    }));
  });
  const scoreOf = (pictures: readonly JudgedPicture[]): readonly (number | null)[] =>
    matchDetections(pictures, labels).map(averagePrecision);

  it('do not depend on the order of pictures or detections', () => {
    fc.assert(
      fc.property(judged, (pictures) => {
        const turned = [...pictures]
          .reverse()
          .map((p) => ({ truth: p.truth, detections: [...p.detections].reverse() }));
        expect(scoreOf(turned)).toEqual(scoreOf(pictures));
      }),
    );
  });

  it('depend on the order of the scores only, not on their values', () => {
    fc.assert(
      fc.property(judged, (pictures) => {
        const squeezed = pictures.map((p) => ({
          ...p,
          detections: p.detections.map((d) => ({ ...d, score: d.score ** 3 / 2 })),
        }));
        expect(scoreOf(squeezed)).toEqual(scoreOf(pictures));
      }),
    );
  });

  it('never rise through an invention below all other scores, and hits never exceed defects', () => {
    fc.assert(
      fc.property(judged, (pictures) => {
        const more = [...pictures, { truth: [], detections: [found(500, -1, 0)] }];
        scoreOf(more).forEach((ap, c) => expect(ap ?? 0).toBeLessThanOrEqual((scoreOf(pictures)[c] ?? 0) + 1e-12));
        for (const c of matchDetections(pictures, labels))
          expect(c.matched.filter((m) => m.hit).length).toBeLessThanOrEqual(c.truths);
      }),
    );
  });

  it('are 1 when every defect is found exactly and nothing else', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 8 }), (places) => {
        const pictures = [
          { truth: places.map((p) => truth(p * 20)), detections: places.map((p, i) => found(p * 20, (i + 1) / 10)) },
        ];
        expect(apOf(pictures)).toBeCloseTo(1, 12);
        expect(bestF(matchDetections(pictures, labels))?.f).toBe(1);
      }),
    );
  });
});
