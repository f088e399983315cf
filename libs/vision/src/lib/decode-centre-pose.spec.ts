import { createRandom, type Random, type Tensors } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCentrePoseReference } from './decode-centre-pose.reference.js';
import { createDecoder } from './decoder.js';
import { postprocessSchema } from './postprocess-schema.js';

const [width, height, stride, points] = [48, 32, 4, 2];
const [columns, rows] = [width / stride, height / stride];
const count = columns * rows;
const model = { labels: ['person'], keypoints: ['head', 'foot'], width, height };

function rulesOf(changes: Record<string, unknown> = {}) {
  const rules = postprocessSchema.parse({ decoder: 'centre-pose', scoreFloor: 0.3, ...changes });
  if (rules.decoder !== 'centre-pose') throw new Error('another decoder');
  return rules;
}

interface Maps {
  readonly centre: Float32Array;
  readonly box: Float32Array;
  readonly offset: Float32Array;
  readonly heat: Float32Array;
}

const emptyMaps = (): Maps => ({
  centre: new Float32Array(count),
  box: new Float32Array(4 * count),
  offset: new Float32Array(2 * points * count),
  heat: new Float32Array(points * count),
});

const tensorsOf = (maps: Maps): Tensors => ({
  centre: { dtype: 'float32', dims: [1, 1, rows, columns], data: maps.centre },
  box: { dtype: 'float32', dims: [1, 4, rows, columns], data: maps.box },
  offset: { dtype: 'float32', dims: [1, 2 * points, rows, columns], data: maps.offset },
  heat: { dtype: 'float32', dims: [1, points, rows, columns], data: maps.heat },
});

/** A person at cell 5, 4 = pixel 22, 18, box 12 to 32 and 2 to 30: diagonal 34.4, search radius 4.13. */
function onePerson(): Maps {
  const maps = emptyMaps();
  const cell = 4 * columns + 5;
  maps.centre[cell] = 0.75;
  [10, 16, 10, 12].forEach((side, at) => (maps.box[at * count + cell] = side));
  [1, -12, 0, 11].forEach((offset, at) => (maps.offset[at * count + cell] = offset));
  return maps;
}

const decode = (maps: Maps, changes = {}) => createDecoder(rulesOf(changes), model)(tensorsOf(maps));

describe('centre-pose decoder', () => {
  it('moves a keypoint to the weighted middle of the heat peak near by and takes its heat as score', () => {
    const maps = onePerson();
    // The head is regressed to 23, 6; the peak is cell 5, 1 = 22, 6 with half its heat on the cell to the right.
    maps.heat[columns + 5] = 0.8;
    maps.heat[columns + 6] = 0.4;
    expect(decode(maps)).toEqual([
      {
        label: 'person',
        classIndex: 0,
        score: 0.75,
        box: { xMin: 12, yMin: 2, xMax: 32, yMax: 30 },
        keypoints: [
          { x: expect.closeTo(22 + 4 / 3, 4), y: expect.closeTo(6, 4), score: expect.closeTo(0.8, 5) },
          { x: 22, y: 29, score: 0 },
        ],
      },
    ]);
  });

  it('keeps the regressed point at little trust without a peak, with none outside of the picture', () => {
    const maps = onePerson();
    // The slope of another person's peak: not a maximum within the radius.
    maps.heat[columns + 5] = 0.5;
    maps.heat[columns + 4] = 0.6;
    maps.heat[columns + 3] = 0.9;
    maps.offset[3 * count + 4 * columns + 5] = 40;
    expect(decode(maps)[0]?.keypoints).toEqual([
      { x: 23, y: 6, score: expect.closeTo(0.15, 5) },
      { x: 22, y: 58, score: 0 },
    ]);
  });

  it('takes keypoints back to the frame', () => {
    const mapping = { scaleX: 0.5, scaleY: 0.5, offsetX: 2, offsetY: 4, frameWidth: 88, frameHeight: 48 };
    const [found] = createDecoder(rulesOf(), model)(tensorsOf(onePerson()), mapping);
    expect(found?.keypoints?.[0]).toMatchObject({ x: 42, y: 4 });
  });

  it('finds one person on a plateau of equal scores', () => {
    const maps = onePerson();
    for (const cell of [4 * columns + 6, 5 * columns + 5, 5 * columns + 6]) maps.centre[cell] = 0.75;
    expect(decode(maps)).toHaveLength(1);
  });

  it('agrees with the plain reading of the definition', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 12 }), fc.boolean(), (seed, topK, coarse) => {
        const maps = randomMaps(createRandom(seed), coarse);
        const rules = rulesOf({ topK, searchShare: 0.3 });
        const found = createDecoder(rules, model)(tensorsOf(maps));
        const wanted = decodeCentrePoseReference(tensorsOf(maps), rules, model);
        expect(found).toHaveLength(wanted.length);
        found.forEach(({ keypoints = [], ...person }, i) => {
          const { keypoints: points = [], ...other } = wanted[i] ?? { keypoints: [] };
          expect(person).toEqual(other);
          keypoints.forEach((point, k) => {
            expect(point.x).toBeCloseTo(points[k]?.x ?? NaN, 6);
            expect(point.y).toBeCloseTo(points[k]?.y ?? NaN, 6);
            expect(point.score).toBeCloseTo(points[k]?.score ?? NaN, 6);
          });
        });
      }),
    );
  });

  it.each<[string, (maps: Maps) => void]>([
    ['a centre that is no number', (maps) => (maps.centre[7] = NaN)],
    ['a centre that is a logit', (maps) => (maps.centre[7] = 4)],
    ['an edge that is no number', (maps) => (maps.box[4 * columns + 5] = NaN)],
    ['an offset that is no number', (maps) => (maps.offset[4 * columns + 5] = Infinity)],
    ['a heat that is no number', (maps) => (maps.heat[columns + 5] = NaN)],
  ])('refuses %s', (_case, damage) => {
    const maps = onePerson();
    damage(maps);
    expect(() => decode(maps)).toThrowError(expect.objectContaining({ code: 'vision.output-malformed' }));
  });

  it('refuses maps for another number of keypoints', () => {
    const nine = { ...model, keypoints: ['head', 'foot', 'hand'] };
    expect(() => createDecoder(rulesOf(), nine)(tensorsOf(onePerson()))).toThrow(/offset is 1x4x8x12/);
  });
});

/** Coarse levels, as quantised models give them, make ties. */
function randomMaps(random: Random, coarse: boolean): Maps {
  const maps = emptyMaps();
  const level = (): number => (coarse ? random.integer(0, 8) / 8 : random.next());
  for (let i = 0; i < count; i += 1) maps.centre[i] = level();
  for (let i = 0; i < maps.box.length; i += 1) maps.box[i] = random.next() * 16;
  for (let i = 0; i < maps.offset.length; i += 1) maps.offset[i] = random.next() * 30 - 15;
  for (let i = 0; i < maps.heat.length; i += 1) maps.heat[i] = level();
  return maps;
}
