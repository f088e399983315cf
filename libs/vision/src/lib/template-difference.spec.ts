import { createRandom } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dilate, erode, shifted, type BinaryMask } from './binary-mask.js';
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
