import { expect, it } from 'vitest';
import { provenEpsilon } from '../testing/noise-audit.js';
import { sampleConfig, samplePlan, sampleTrack, sampleWindow } from '../testing/store-sample.js';
import { createSeededBits } from '../testing/seeded-bits.js';
import { noisyRelease } from './noisy-release.js';
import { sumContributions } from './window-sums.js';

it('lets a whole release show no more of one track than its epsilon, bounds and post-processing included', () => {
  const epsilonMicros = 1_000_000;
  const config = sampleConfig('ledger', { minimumCount: 0, roundTo: 1 });
  const settings = { plan: samplePlan, heatCellM: 1, queueThresholdS: 120, orderKey: new Uint8Array(32) };
  const tracks = Array.from({ length: 40 }, (_, i) => sampleTrack(`t${i}`, { crossings: crossings(1) }));
  // The worst neighbour: one who goes in and out, again and again; the bounds leave one of each.
  const sums = [tracks, [...tracks, sampleTrack('more', { crossings: crossings(20) })]].map((of) =>
    sumContributions(sampleWindow(9, of), ['counts'], settings),
  );
  const bits = createSeededBits(77);
  const ledger = { entry: 1, hash: 'a'.repeat(64) };
  const answer = (input: 0 | 1): bigint => {
    const release = noisyRelease({
      metric: 'counts',
      sums: sums[input]!,
      store: 's',
      simulated: true,
      config,
      epsilonMicros,
      ledger,
      bits,
    });
    const value = (key: string): number => release.cells.find((cell) => cell.key === key)?.value ?? 0;
    // Both at once: the event that tells the two inputs apart best.
    return BigInt(Math.min(value('entrance/in'), value('entrance/out')));
  };
  const proven = provenEpsilon(answer, 60_000, [40n, 41n, 42n, 43n]);
  expect(proven).toBeLessThanOrEqual(1);
  expect(proven).toBeGreaterThan(0.85);
}, 120_000);

function crossings(times: number) {
  return Array.from({ length: times }, () => [
    { line: 'entrance', direction: 'in' as const },
    { line: 'entrance', direction: 'out' as const },
  ]).flat();
}
