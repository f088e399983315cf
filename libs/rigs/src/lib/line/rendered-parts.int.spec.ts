import { afterEach, describe, expect, it } from 'vitest';
import type { PartSource, PreparedPart } from './prepared-part.js';
import { openRenderedParts } from './rendered-parts.js';

const opened: PartSource[] = [];
afterEach(async () => {
  for (const source of opened.splice(0)) await source.close();
});

async function open(seed: number, defectWeights = [1, 1, 1, 1, 1, 1], defectRate = 0.3): Promise<PartSource> {
  const source = await openRenderedParts({ seed, designs: 1, defectRate, defectWeights, misregistration: 2 });
  opened.push(source);
  return source;
}

async function take(source: PartSource, count: number): Promise<PreparedPart[]> {
  const parts: PreparedPart[] = [];
  for (let index = 0; index < count; index += 1) {
    const part = await source.next();
    if (part) parts.push(part);
  }
  return parts;
}

// Each source starts a thread and designs a product first.
describe('openRenderedParts', { timeout: 60_000 }, () => {
  it('gives the same parts for the same seed, with unique ids and a template for each product', async () => {
    const [a, b] = [await open(5), await open(5)];
    const [first, second] = [await take(a, 20), await take(b, 20)];
    first.forEach((part, index) => {
      expect(Buffer.compare(part.pixels, second[index]?.pixels ?? new Uint8Array())).toBe(0);
      expect(part.truth).toEqual(second[index]?.truth);
      expect(a.templates.map(({ productId }) => productId)).toContain(part.productId);
    });
    expect(new Set(first.map(({ partId }) => partId)).size).toBe(20);
    const bad = first.filter((part) => (part.truth?.length ?? 0) > 0).length;
    expect(bad).toBeGreaterThan(0);
    expect(bad).toBeLessThan(15);
  });

  it('plants classes by their weights', async () => {
    const parts = await take(await open(6, [0, 0, 0, 0, 1, 0], 1), 10);
    const labels = parts.flatMap((part) => part.truth?.map(({ label }) => label) ?? []);
    expect(labels.length).toBeGreaterThanOrEqual(10);
    expect(new Set(labels)).toEqual(new Set(['copper']));
  });

  it('has a golden set with one good part and one of each class, between parts that are asked for at the same time', async () => {
    const source = await open(7);
    const [golden, part] = await Promise.all([source.golden(), source.next()]);
    expect(golden.map(({ partId }) => partId)).toEqual([
      'G-1-good',
      'G-1-open',
      'G-1-short',
      'G-1-mousebite',
      'G-1-spur',
      'G-1-copper',
      'G-1-pin-hole',
    ]);
    expect(golden.map(({ truth }) => truth?.map(({ label }) => label))).toEqual([
      [],
      ['open'],
      ['short'],
      ['mousebite'],
      ['spur'],
      ['copper'],
      ['pin-hole'],
    ]);
    expect(part?.partId).toBe('B00000001');
  });
});
