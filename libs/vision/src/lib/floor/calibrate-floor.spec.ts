import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, createRandom, type CalibrationPoint, type FloorPoint } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import { calibrateFloor, calibrationGateM, quantile } from './calibrate-floor.js';
import { fitHomography, type Pair } from './fit-homography.js';
import { headToFoot } from './head-to-foot.js';
import { floorToPixel, pixelToFloor } from './homography.js';

/** Camera at (2, 1) metres, 3 m high, 640x360, looking along y, 40 degrees down. */
const heightM = 3;
function see([x, y]: FloorPoint, z = 0): [number, number] {
  const pitch = (40 * Math.PI) / 180;
  const [dx, dy, dz] = [x - 2, y - 1, z - heightM];
  const depth = dy * Math.cos(pitch) - dz * Math.sin(pitch);
  const down = -dz * Math.cos(pitch) - dy * Math.sin(pitch);
  return [320 + (400 * dx) / depth, 180 + (400 * down) / depth];
}
const spread: FloorPoint[] = [
  [0.5, 2.5],
  [3.5, 2.4],
  [2, 3.1],
  [1.2, 4.2],
  [3.3, 4.6],
  [0.1, 6],
  [2.2, 5.8],
  [4.6, 6.3],
];
const point = (floor: FloorPoint): CalibrationPoint => ({ pixel: see(floor), floor: [floor[0], floor[1]] });

describe('calibrateFloor', () => {
  it('recovers an exact camera from exact points, both ways, and knows the horizon', () => {
    const { homography, residualsM, heldOut } = calibrateFloor(spread.map(point));
    expect(Math.max(...residualsM)).toBeLessThan(1e-9);
    expect(heldOut.p95M).toBeLessThan(1e-7);
    for (const floor of [...spread, [1, 9], [-2, 4]] satisfies FloorPoint[]) {
      const pixel = see(floor);
      const back = pixelToFloor(homography, pixel);
      expect(Math.hypot((back?.[0] ?? 9) - floor[0], (back?.[1] ?? 9) - floor[1])).toBeLessThan(1e-6);
      const there = floorToPixel(homography, floor);
      expect(Math.hypot((there?.[0] ?? 0) - pixel[0], (there?.[1] ?? 0) - pixel[1])).toBeLessThan(1e-6);
    }
    expect(pixelToFloor(homography, [320, -200])).toBeUndefined();
    expect(floorToPixel(homography, [2, -9])).toBeUndefined();
  });

  it('brings a head down to its feet', () => {
    const { homography } = calibrateFloor(spread.map(point));
    const head = pixelToFloor(homography, see([3, 4], 1.7));
    const foot = head && headToFoot(head, [2, 1], heightM, 1.7);
    expect(foot?.[0]).toBeCloseTo(3, 6);
    expect(foot?.[1]).toBeCloseTo(4, 6);
    expect(headToFoot([5, 5], [2, 1], 1.6, 1.7)).toEqual([2, 1]);
  });

  it('finds the least distance in metres: no small change of the matrix is better', () => {
    const random = createRandom(3);
    const noisy = spread.map(point).map((p): CalibrationPoint => ({
      ...p,
      floor: [p.floor[0] + random.normal() * 0.05, p.floor[1] + random.normal() * 0.05],
    }));
    const { homography } = calibrateFloor(noisy);
    const cost = (h: readonly number[]): number =>
      noisy.reduce((sum, p) => {
        const [x = 99, y = 99] = pixelToFloor(h, p.pixel) ?? [];
        return sum + (x - p.floor[0]) ** 2 + (y - p.floor[1]) ** 2;
      }, 0);
    const best = cost(homography);
    for (let k = 0; k < 9; k += 1) {
      for (const step of [1e-4, -1e-4]) {
        expect(cost(homography.map((v, i) => (i === k ? v * (1 + step) : v)))).toBeGreaterThanOrEqual(best - 1e-12);
      }
    }
  });

  it('fails the gate for one click that is a metre wrong, and for four points, which cannot check themselves', () => {
    const points = spread.map(point).map((p, i): CalibrationPoint => (i === 4 ? { ...p, floor: [3.3, 5.6] } : p));
    expect(calibrateFloor(points).heldOut.p95M).toBeGreaterThan(calibrationGateM);
    expect(calibrateFloor([0, 1, 5, 7].map((i) => point(spread[i] ?? [0, 0]))).heldOut.medianM).toBeGreaterThan(1);
  });

  it('lists every problem of the points', () => {
    const bad = (points: readonly CalibrationPoint[]): string => {
      try {
        calibrateFloor(points);
      } catch (error) {
        if (error instanceof ConfigError && error.code === 'vision.calibration-points') return error.message;
      }
      return 'accepted';
    };
    const [a, b, c, d] = spread.map(point);
    if (!a || !b || !c || !d) throw new Error('eight points');
    expect(bad([a, b, { ...a, pixel: [Number.NaN, 3] }])).toMatch(/3 points[\s\S]*point 3 holds[\s\S]*point 3 repeats/);
    expect(bad([a, b, c, { ...d, pixel: b.pixel }])).toMatch(/point 4 repeats point 2/);
    expect(bad([0, 1, 2, 3, 4].map((i) => point([i, 3 + i])))).toMatch(
      /pixels lie on one line[\s\S]*places lie on one/,
    );
    expect(bad([...[0, 1, 2, 3, 4].map((i) => point([i, 3 + i])), point([4, 3])])).toMatch(/three of every four/);
  });

  const shared = process.env['EDGE_DATA'] ?? join(import.meta.dirname, '../../../../../../shared/data');
  const data = join(shared, 'mot15-tud/TUD-Stadtmitte/gt.txt');
  it.skipIf(!existsSync(data))('gives the published errors on the feet of TUD-Stadtmitte', () => {
    const rows = readFileSync(data, 'utf8')
      .trim()
      .split('\n')
      .map((line) => line.split(',').map(Number))
      .map(([frame = 0, , left = 0, top = 0, width = 0, height = 0, , x = 0, y = 0]) => ({
        frame,
        pair: [
          [left + width / 2, top + height],
          [x, y],
        ] satisfies Pair,
      }));
    const errors = (train: readonly Pair[], test: readonly Pair[]): number[] => {
      const h = fitHomography(train) ?? [];
      return test.map(([pixel, floor]) => {
        const [x = 99, y = 99] = pixelToFloor(h, pixel) ?? [];
        return Math.hypot(x - floor[0], y - floor[1]);
      });
    };
    const early = rows.filter((row) => row.frame <= 90).map((row) => row.pair);
    const late = rows.filter((row) => row.frame > 90).map((row) => row.pair);
    expect(early).toHaveLength(635);
    const all = errors(early, late);
    expect(quantile(all, 0.5)).toBeCloseTo(0.057, 2);
    expect(quantile(all, 0.95)).toBeCloseTo(0.15, 1);
    const random = createRandom(5);
    const few = (count: number): number[] =>
      Array.from({ length: 60 }, () => {
        const drawn = Array.from(
          { length: count },
          (): Pair =>
            early[random.integer(0, early.length - 1)] ?? [
              [0, 0],
              [0, 0],
            ],
        );
        return quantile(errors(drawn, late), 0.5);
      });
    const of20 = few(20);
    const of4 = few(4);
    expect(quantile(of20, 0.5)).toBeLessThan(0.08);
    expect(quantile(of4, 0.5)).toBeGreaterThan(2 * quantile(of20, 0.5));
  });
});
