import fc from 'fast-check';
import { releaseMetrics } from '@edge-blueprints/contracts';
import { describe, expect, it } from 'vitest';
import type { TrackContribution } from '../measures/contribution.js';
import { samplePlan, sampleTrack, sampleWindow } from '../testing/store-sample.js';
import { boundContribution, metricBounds } from './contribution-bounds.js';
import { dwellFromHistogram, postProcess } from './post-process.js';
import { publicCells } from './public-cells.js';
import { publicCoverage, publicReasons } from './public-reasons.js';
import { sumContributions } from './window-sums.js';

const settings = { plan: samplePlan, heatCellM: 1, queueThresholdS: 120, orderKey: new Uint8Array(32) };
const zone = fc.constantFrom(...samplePlan.zones.map(({ id }) => id), 'gone');
const track: fc.Arbitrary<TrackContribution> = fc.record({
  key: fc.stringMatching(/^[0-9a-f]{16}$/),
  startedAtMs: fc.nat(),
  crossings: fc.array(
    fc.record({ line: fc.constantFrom('entrance', 'back', 'gone'), direction: fc.constantFrom('in', 'out') }),
    { maxLength: 9 },
  ),
  visits: fc.array(
    fc.record({ zone, enteredAtMs: fc.nat(), dwellS: fc.double({ min: 0, max: 1e5 }), censored: fc.boolean() }),
    { maxLength: 12 },
  ),
  heat: fc
    .array(fc.tuple(fc.integer({ min: -1, max: 120 }), fc.double({ min: -5, max: 1e4 })), { maxLength: 60 })
    .map((cells) => new Map(cells)),
  transitions: fc.array(fc.record({ from: zone, to: zone }), { maxLength: 12 }),
  queues: fc.array(
    fc.record({
      queue: fc.constantFrom('till', 'gone'),
      joinedAtMs: fc.nat(),
      waitS: fc.double({ min: 0, max: 1e6 }),
      outcome: fc.constantFrom('served', 'abandoned', 'lost'),
    }),
    { maxLength: 5 },
  ),
});

describe('bounds of one track', () => {
  it('let no track add more than the sensitivity, only to public cells, and the same each time', () => {
    fc.assert(
      fc.property(track, (t) => {
        for (const metric of releaseMetrics) {
          const { units } = boundContribution(metric, t, settings);
          const cells = new Set(publicCells(metric, samplePlan, 1));
          expect([...units.values()].reduce((sum, n) => sum + Math.abs(n), 0)).toBeLessThanOrEqual(
            metricBounds[metric].sensitivity,
          );
          for (const [cell, n] of units) expect([cells.has(cell), Number.isSafeInteger(n)]).toEqual([true, true]);
          expect(boundContribution(metric, t, settings)).toEqual(boundContribution(metric, t, settings));
        }
      }),
      { numRuns: 150 },
    );
  });

  it('change the sums by that track alone when it is taken away', () => {
    fc.assert(
      fc.property(fc.array(track, { minLength: 1, maxLength: 6 }), (tracks) => {
        const [removed, ...rest] = tracks;
        const all = sumContributions(sampleWindow(9, tracks), releaseMetrics, settings);
        const fewer = sumContributions(sampleWindow(9, rest), releaseMetrics, settings);
        for (const metric of releaseMetrics) {
          const own = boundContribution(metric, removed!, settings).units;
          for (const cell of publicCells(metric, samplePlan, 1))
            expect(all.units.get(metric)?.get(cell) ?? 0n).toBe(
              (fewer.units.get(metric)?.get(cell) ?? 0n) + BigInt(own.get(cell) ?? 0),
            );
        }
      }),
      { numRuns: 40 },
    );
  });

  it('spread the drops over the items by the key, not by their order', () => {
    const kept = (key: string, zones: readonly string[]) => [
      ...boundContribution(
        'visits',
        sampleTrack(key, { visits: zones.map((z) => ({ zone: z, enteredAtMs: 0, dwellS: 5, censored: false })) }),
        settings,
      ).units.keys(),
    ];
    const zones = samplePlan.zones.map(({ id }) => id);
    expect(kept('a', zones).sort()).toEqual(kept('a', [...zones].reverse()).sort());
    expect(new Set(Array.from({ length: 40 }, (_, i) => kept(`t${i}`, zones).sort().join())).size).toBeGreaterThan(5);
  });

  it('give a whole visit to the heat map in hundredths', () => {
    const { units } = boundContribution(
      'heat',
      sampleTrack('a', {
        heat: new Map([
          [0, 1],
          [2, 1],
          [4, 1],
        ]),
      }),
      settings,
    );
    expect([...units]).toEqual([
      ['cell/0/0', 34],
      ['cell/1/0', 33],
      ['cell/2/0', 33],
    ]);
  });

  it('count the periods of five minutes beyond the threshold', () => {
    const of = (waitS: number) =>
      boundContribution(
        'queue',
        sampleTrack('a', { queues: [{ queue: 'till', joinedAtMs: 0, waitS, outcome: 'served' }] }),
        settings,
      ).units.get('queue/till/over');
    expect([of(120), of(121), of(299), of(301), of(10_000)]).toEqual([undefined, 1, 1, 2, 6]);
  });

  it('have no public cell that is the sum of others', () => {
    for (const metric of releaseMetrics)
      for (const cell of publicCells(metric, samplePlan, 1)) expect(cell).not.toMatch(/total|all|sum/);
    expect(publicCells('dwell', samplePlan, 1)).toHaveLength(6 * 7 * 2);
    expect(new Set(publicCells('transitions', samplePlan, 1)).size).toBe(30);
  });
});

describe('post-processing of noisy numbers', () => {
  it('clamps, suppresses below the minimum and rounds to the nearest step', () => {
    const of = (n: bigint) => postProcess(n, { minimum: 10, roundTo: 5 });
    expect([-7n, 0n, 9n, 10n, 12n, 13n, 1_002n].map(of)).toEqual([null, null, null, 10, 10, 15, 1_000]);
    expect(postProcess(-3n, { minimum: 0, roundTo: 5 })).toBe(0);
  });

  it('finds median and 90th percentile of a histogram, with censored visits at risk until they end', () => {
    expect(dwellFromHistogram([0n, 0n, 100n, 0n, 0n, 0n, 0n], [0n, 0n, 0n, 0n, 0n, 0n, 0n], 10)).toEqual({
      medianS: 45,
      p90S: 57,
    });
    const censored = dwellFromHistogram([0n, 50n, 50n, 0n, 0n, 0n, 0n], [50n, 0n, 0n, 0n, 0n, 0n, 0n], 10);
    expect(censored.medianS).toBe(30);
    expect(dwellFromHistogram([3n, 0n, 0n, 0n, 0n, 0n, 0n], [0n, 0n, 0n, 0n, 0n, 0n, 0n], 10)).toEqual({
      medianS: null,
      p90S: null,
    });
  });

  it('keeps the median near where empty bins are noise on both sides of zero', () => {
    const { medianS } = dwellFromHistogram(
      [-20n, 22n, 300n, -25n, 18n, -15n, 20n],
      [-10n, 12n, -8n, 10n, -20n, 16n, 0n],
      10,
    );
    expect(Math.abs((medianS ?? 0) - 45)).toBeLessThan(6);
  });
});

describe('reasons that leave the store', () => {
  it('are of equipment, never worked out from people', () => {
    expect(
      publicReasons([
        'camera aisles lost',
        'queue till: check failed',
        'crowd beyond capacity',
        'clock jumped',
        'camera aisles lost',
      ]),
    ).toEqual(['camera aisles lost', 'clock jumped']);
    expect([publicCoverage(0.999), publicCoverage(Number.NaN), publicCoverage(7)]).toEqual([0.99, 0, 1]);
  });
});
