import { createRandom } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areaOf, dilate, erode, opened, shifted, without, type BinaryMask } from './binary-mask.js';
import { classOfDifference } from './difference-class.js';
import { labelComponents } from './mask-components.js';
import { templateDifference } from './template-difference.js';
import type { Picture } from './test-and-template.js';

type Rect = readonly [x: number, y: number, width: number, height: number];
const size = 120;

/** Copper is dark: traces are painted 0 on 255, then the changes. */
function board(copper: readonly Rect[], laminate: readonly Rect[] = []): Picture {
  const pixels = new Uint8Array(size * size).fill(255);
  const paint = ([x, y, w, h]: Rect, value: number): void => {
    for (let row = y; row < y + h; row += 1) pixels.fill(value, row * size + x, row * size + x + w);
  };
  copper.forEach((r) => paint(r, 0));
  laminate.forEach((r) => paint(r, 255));
  return { width: size, height: size, format: 'gray8', pixels };
}

const traces: readonly Rect[] = [
  [0, 20, size, 16],
  [0, 60, size, 16],
];
const template = board(traces);

describe('templateDifference', () => {
  it.each<[string, readonly Rect[], readonly Rect[]]>([
    ['short', [[50, 30, 10, 36]], []],
    ['spur', [[50, 30, 10, 18]], []],
    ['copper', [[50, 92, 12, 12]], []],
    ['open', [], [[50, 18, 10, 20]]],
    ['mousebite', [], [[50, 20, 12, 8]]],
    ['pin-hole', [], [[50, 64, 8, 8]]],
  ])('tells a %s from what the difference touches', (label, copper, laminate) => {
    const found = templateDifference(board([...traces, ...copper], laminate), template);
    expect(found.map((d) => d.label)).toEqual([label]);
    const [change] = [...copper, ...laminate];
    const [x = 0, y = 0, w = 0, h = 0] = change ?? [];
    const centre = { x: x + w / 2, y: y + h / 2 };
    expect(found[0]?.box.xMin).toBeLessThan(centre.x);
    expect(found[0]?.box.xMax).toBeGreaterThan(centre.x);
    expect(found[0]?.box.yMin).toBeLessThan(centre.y + h / 2);
    expect(found[0]?.box.yMax).toBeGreaterThan(centre.y - h / 2);
  });

  it('finds nothing on a good board, also when it lies up to 4 px aside', () => {
    fc.assert(
      fc.property(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -4, max: 4 }), (dx, dy) => {
        const aside = shifted({ width: size, height: size, bits: template.pixels }, dx, dy).bits;
        expect(templateDifference({ ...template, pixels: aside }, template)).toEqual([]);
      }),
      { numRuns: 20 },
    );
  });

  it.each([-3, -2, 2, 3])('finds nothing where one trace alone lies %i px beside its place', (drift) => {
    const drifted = board([
      [0, 20, size, 16],
      [0, 60 + drift, size, 16],
    ]);
    expect(templateDifference(drifted, template)).toEqual([]);
  });

  it('forgives ragged edges of one pixel and specks below the smallest area', () => {
    const random = createRandom(1);
    const pixels = template.pixels.slice();
    for (const edge of [19, 36, 59, 76])
      for (let x = 0; x < size; x += 1)
        if (random.next() < 0.5) pixels[edge * size + x] = 255 - (pixels[edge * size + x] ?? 0);
    for (let y = 90; y < 94; y += 1) pixels.fill(0, y * size + 40, y * size + 44);
    expect(templateDifference({ ...template, pixels }, template)).toEqual([]);
  });

  it('refuses pictures of different sizes', () => {
    const small: Picture = { width: 2, height: 2, format: 'gray8', pixels: new Uint8Array(4) };
    expect(() => templateDifference(template, small)).toThrow(expect.objectContaining({ code: 'vision.size' }));
  });
});

describe('class from topology', () => {
  /** Two horizontal traces of any width and distance, and a defect of each class somewhere along them. */
  const scene = fc
    .record({
      traceWidth: fc.integer({ min: 12, max: 24 }),
      gap: fc.integer({ min: 16, max: 24 }),
      x: fc.integer({ min: 20, max: 80 }),
      breadth: fc.integer({ min: 8, max: 16 }),
      kind: fc.constantFrom('short', 'spur', 'copper', 'open', 'mousebite', 'pin-hole'),
      upright: fc.boolean(),
      dx: fc.integer({ min: -3, max: 3 }),
      dy: fc.integer({ min: -3, max: 3 }),
    })
    .map((given) => {
      const { traceWidth, gap, x, breadth, kind } = given;
      const [upper, lower] = [14, 14 + traceWidth + gap];
      const below = lower + traceWidth;
      const change: Readonly<Record<string, readonly Rect[]>> = {
        short: [[x, upper + traceWidth - 2, breadth, gap + 4]],
        spur: [[x, upper + traceWidth - 2, breadth, 10]],
        copper: [[x, below + 10, breadth, 8]],
        open: [[x, upper - 2, breadth, traceWidth + 4]],
        mousebite: [[x, upper - 2, breadth, Math.floor(traceWidth / 2) + 2]],
        'pin-hole': [[x, upper + traceWidth / 2 - 3, breadth, 6]],
      };
      const rects: readonly Rect[] = [
        [0, upper, size, traceWidth],
        [0, lower, size, traceWidth],
      ];
      return { ...given, rects, change: change[kind] ?? [], missing: ['open', 'mousebite', 'pin-hole'].includes(kind) };
    });
  const turned = (picture: Picture): Picture => ({
    ...picture,
    pixels: picture.pixels.map((_, i) => picture.pixels[(i % size) * size + Math.floor(i / size)] ?? 0),
  });
  const maskOfPicture = ({ pixels }: Picture): BinaryMask => ({
    width: size,
    height: size,
    bits: pixels.map((grey) => (grey < 128 ? 1 : 0)),
  });

  it('names any defect by what it touches, wherever, however wide, turned or shifted', () => {
    fc.assert(
      fc.property(scene, ({ rects, change, missing, kind, upright, dx, dy }) => {
        const good = board(rects);
        const bad = missing ? board(rects, change) : board([...rects, ...change]);
        const [a, b] = upright ? [turned(bad), turned(good)] : [bad, good];
        const aside = shifted({ width: size, height: size, bits: a.pixels }, dx, dy).bits;
        expect(templateDifference({ ...a, pixels: aside }, b).map(({ label }) => label)).toEqual([kind]);
      }),
      { numRuns: 40 },
    );
  });

  it('is the same rule for copper and laminate: what is extra in one is missing in the other', () => {
    const counterpart: Readonly<Record<string, string>> = { short: 'open', spur: 'mousebite', copper: 'pin-hole' };
    fc.assert(
      fc.property(scene, ({ rects, change, missing }) => {
        const good = maskOfPicture(board(rects));
        const bad = maskOfPicture(missing ? board(rects, change) : board([...rects, ...change]));
        const difference = missing ? without(good, bad) : without(bad, good);
        const [there, bare] = [good, { ...good, bits: good.bits.map((bit) => 1 - bit) }];
        const extra = classOfDifference('extra', difference, missing ? bare : there).label;
        const gone = classOfDifference('missing', difference, missing ? there : bare).label;
        expect(gone).toBe(counterpart[extra]);
      }),
      { numRuns: 60 },
    );
  });
});

describe('masks', () => {
  const mask = fc
    .array(fc.constantFrom(0, 1), { minLength: 80, maxLength: 80 })
    .map((bits): BinaryMask => ({ width: 10, height: 8, bits: Uint8Array.from(bits) }));

  it('grow as the complement shrinks', () => {
    fc.assert(
      fc.property(mask, (m) => {
        const complement = { ...m, bits: m.bits.map((b) => 1 - b) };
        expect(erode(m).bits).toEqual(dilate(complement).bits.map((b) => 1 - b));
      }),
    );
  });

  it('lose and never gain by opening, once and for all, and keep what is three wide', () => {
    fc.assert(
      fc.property(mask, (m) => {
        const once = opened(m);
        expect(areaOf(without(once, m))).toBe(0);
        expect(opened(once)).toEqual(once);
      }),
    );
    const square = Uint8Array.from({ length: 80 }, (_, i) => (i % 10 > 2 && i % 10 < 7 && i > 20 && i < 60 ? 1 : 0));
    const thread = Uint8Array.from({ length: 80 }, (_, i) => (i % 10 === 4 ? 1 : 0));
    expect(areaOf(opened({ width: 10, height: 8, bits: square }))).toBeGreaterThan(10);
    expect(areaOf(opened({ width: 10, height: 8, bits: thread }))).toBe(0);
  });

  it('fall into components that cover every set pixel once', () => {
    fc.assert(
      fc.property(mask, (m) => {
        const { labels, components } = labelComponents(m);
        expect(components.reduce((n, c) => n + c.area, 0)).toBe(m.bits.reduce((a, b) => a + b, 0));
        m.bits.forEach((bit, i) => expect(labels[i] !== 0).toBe(bit === 1));
        for (let i = 0; i < 80; i += 1)
          if (i % 10 < 9 && m.bits[i] === 1 && m.bits[i + 1] === 1) expect(labels[i]).toBe(labels[i + 1]);
      }),
    );
  });
});
