import { createRandom, type FloorPoint } from '@edge-blueprints/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kaplanMeier } from './kaplan-meier.js';
import { LineWatch, type Crossing } from './line-watch.js';
import { ZoneWatch, type Visit } from './zone-watch.js';

const line = { id: 'door', name: 'Door', from: [0, 0], to: [2, 0], inside: 'left' } satisfies ConstructorParameters<
  typeof LineWatch
>[0];

/** Crossings of a walk that is seen so many times a second; undefined is not seen. */
function cross(at: (s: number) => FloorPoint | undefined, seconds: number, fps = 8): Crossing[] {
  const watch = new LineWatch(line);
  const found: Crossing[] = [];
  for (let i = 0; i <= seconds * fps; i += 1) {
    const floor = at(i / fps);
    const crossing = floor && watch.observe(floor, (i * 1000) / fps);
    if (crossing) found.push(crossing);
  }
  return found;
}
const directions = (crossings: readonly Crossing[]): string[] => crossings.map((c) => c.direction);

describe('crossing a line', () => {
  it('counts who walks through, each way, at the moment of the line and at any frame rate', () => {
    for (const fps of [5, 8, 25]) {
      const both = cross((s) => [1, s < 5 ? -1.5 + s : 8.5 - s], 10, fps);
      expect(directions(both)).toEqual(['in', 'out']);
      expect(both[0]?.atMs).toBeCloseTo(1500, 6);
      expect(both[1]?.atMs).toBeCloseTo(8500, 6);
    }
  });

  it('fault 53: who flickers over it for one frame has not crossed', () => {
    expect(cross((s) => [1, s === 2 ? 0.6 : -0.6], 6)).toEqual([]);
    expect(cross((s) => [1, s >= 2 && s < 2.3 ? 0.6 : -0.6], 6)).toEqual([]);
  });

  it('fault 56: who stands on it for a minute has not crossed', () => {
    const random = createRandom(2);
    expect(cross((s) => [1, 0.1 * Math.sin(s) + random.normal() * 0.03], 60)).toEqual([]);
  });

  it('fault 57: who turns back has not crossed, who walks around its end neither', () => {
    expect(cross((s) => [1, Math.min(-1 + s, 0.1, 5 - s)], 8)).toEqual([]);
    expect(cross((s) => [3, -1.5 + s], 4)).toEqual([]);
    expect(cross((s) => [2.1, -1.5 + s], 4)).toHaveLength(1);
  });

  it('fault 55: a gap in the middle keeps the crossing, a loss is told as a loss', () => {
    const gap = (s: number): FloorPoint | undefined => (s > 1.3 && s < 2.2 ? undefined : [1, -1.5 + s]);
    expect(directions(cross(gap, 5))).toEqual(['in']);
    const watch = new LineWatch(line);
    for (let s = 0; s <= 1.8; s += 0.125) watch.observe([1, -1.5 + s], s * 1000);
    expect(watch.isLoss()).toBe(true);
    const single = (s: number): FloorPoint | undefined => (s < 1 ? [1, -1] : s === 4 ? [1, 1] : undefined);
    expect(cross(single, 5)).toEqual([]);
  });

  it('counts a track once in three seconds and direction', () => {
    const pendulum = (s: number): FloorPoint => [1, 0.8 * Math.sin(Math.PI * s)];
    expect(cross(pendulum, 12, 25).filter((c) => c.direction === 'in').length).toBeLessThanOrEqual(4);
  });

  it('any walk, with any noise below the hysteresis, counts the same at 5, 8 and 25 frames a second', () => {
    const speed = fc.double({ min: 0.4, max: 2, noNaN: true });
    fc.assert(
      fc.property(speed, fc.integer({ min: 0, max: 1_000 }), fc.boolean(), (v, seed, isBack) => {
        const seconds = 2 + 4 / v;
        for (const fps of [5, 8, 25]) {
          const random = createRandom(seed);
          const walk = (s: number): FloorPoint => {
            const y = Math.min(2, -2 + v * s) + random.normal() * 0.03;
            return [1, isBack ? -y : y];
          };
          expect(directions(cross(walk, seconds, fps))).toEqual([isBack ? 'out' : 'in']);
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** Visits of who is so deep in a zone; undefined is not seen. The track ends at the end. */
function visit(depthM: (s: number) => number | undefined, seconds: number, fps = 8): Visit[] {
  const watch = new ZoneWatch();
  const visits: (Visit | undefined)[] = [];
  let seenMs = 0;
  for (let i = 0; i <= seconds * fps; i += 1) {
    const depth = depthM(i / fps);
    const atMs = (i * 1000) / fps;
    visits.push(depth === undefined ? watch.closed(atMs) : watch.observe(depth, atMs));
    if (depth !== undefined) seenMs = atMs;
  }
  return [...visits, watch.end(seenMs)].filter((v) => v !== undefined);
}
const dwells = (visits: readonly Visit[]): number[] => visits.map((v) => (v.leftAtMs - v.enteredAtMs) / 1000);

describe('visiting a zone', () => {
  /** Walks in at 1 m/s, is two metres deep at most, stays, and walks out: on the floor it is inside for stay + 4 s. */
  const stroll =
    (stayS: number) =>
    (s: number): number =>
      Math.min(-1 + s, 2, 5 + stayS - s);

  it('lasts from border to border, at any frame rate', () => {
    for (const fps of [5, 8, 25]) {
      const [only, ...rest] = visit(stroll(10), 25, fps);
      expect(rest).toEqual([]);
      expect(only?.censored).toBe(false);
      expect(((only?.leftAtMs ?? 0) - (only?.enteredAtMs ?? 0)) / 1000).toBeCloseTo(14, 1);
    }
  });

  it('needs half a second well inside and a second in all', () => {
    expect(visit((s) => (s > 2 && s < 2.4 ? 0.5 : -1), 6)).toEqual([]);
    expect(visit((s) => (s > 2 && s < 2.9 ? 0.5 : -1), 6)).toEqual([]);
    expect(visit((s) => (s > 2 && s < 12 ? 0.1 : -1), 15)).toEqual([]);
  });

  it('shakes on the border without beginning or ending', () => {
    const random = createRandom(6);
    const visits = visit((s) => (s < 1 ? -1 : s < 5 ? 1 : s < 30 ? random.normal() * 0.05 : -1), 36);
    expect(visits).toHaveLength(1);
  });

  it('takes up a visit again after three seconds, not after more', () => {
    const away = (gapS: number) => (s: number) => (s < 1 || (s > 10 && s < 10 + gapS) ? -1 : s < 20 ? 1 : -1);
    expect(dwells(visit(away(2.8), 30))).toHaveLength(1);
    expect(dwells(visit(away(4), 30))).toHaveLength(2);
  });

  it('fault 58: who vanishes inside is censored at the last sight', () => {
    const [only] = visit((s) => (s < 8 ? -1 + s : undefined), 20);
    expect(only).toMatchObject({ censored: true });
    expect(((only?.leftAtMs ?? 0) - (only?.enteredAtMs ?? 0)) / 1000).toBeCloseTo(6.7, 1);
  });

  it('who is found inside makes no visit, and one like any other after having been outside', () => {
    expect(visit((s) => (s < 10 ? 1 : -1), 20)).toEqual([]);
    expect(visit(() => 1, 20)).toEqual([]);
    expect(dwells(visit((s) => (s < 10 || (s > 20 && s < 28) ? 1 : -1), 40))).toEqual([expect.closeTo(8, 0)]);
    // Away for less than the merging time: still the visit whose beginning nobody saw.
    expect(visit((s) => (s < 10 || (s > 12 && s < 20) ? 1 : -1), 40)).toEqual([]);
  });

  it('any stay is measured within 0.1 s at 5, 8 and 25 frames a second', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 40, noNaN: true }), (stayS) => {
        for (const fps of [5, 8, 25]) {
          const [dwellS = 0] = dwells(visit(stroll(stayS), stayS + 12, fps));
          expect(Math.abs(dwellS - (stayS + 4))).toBeLessThan(0.1);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('kaplanMeier', () => {
  // scipy 1.17: stats.ecdf(stats.CensoredData.right_censored(durations, censored)).sf, first quantile at or below 0.5, 0.1
  it('agrees with scipy.stats.ecdf on censored data', () => {
    const one = [
      24.6, 31.2, 19.7, 12, 17.1, 25.7, 25.7, 71.7, 16.5, 14.9, 32.6, 32.6, 26.7, 11.7, 24, 42.8, 8.4, 17, 5.4, 8.7,
      5.6, 20.3, 8.9, 30.5,
    ];
    const lost = [0, 7, 8, 9, 10, 13, 15, 16, 22];
    const result = kaplanMeier(one.map((durationS, i) => ({ durationS, censored: lost.includes(i) })));
    expect(result).toMatchObject({ count: 24, medianS: 25.7, p90S: null });
    expect(result.censoredShare).toBeCloseTo(9 / 24, 12);
    const two = [
      6.1, 8.4, 8.3, 18.5, 3.9, 21.1, 11.4, 50.1, 52.7, 74.7, 45.3, 23.5, 48.8, 81.8, 14.5, 40, 23.7, 77.6, 12.6, 19.3,
    ];
    const few = [4, 12, 14, 19];
    expect(kaplanMeier(two.map((durationS, i) => ({ durationS, censored: few.includes(i) })))).toMatchObject({
      medianS: 23.7,
      p90S: 77.6,
    });
    expect(kaplanMeier([])).toEqual({ count: 0, medianS: null, p90S: null, censoredShare: 0 });
  });
});
