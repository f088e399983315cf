import { describe, expect, it } from 'vitest';
import { matchPaints } from './match-paints.js';
import { loadOf } from './process-load.js';

const start = (subject: string, paintedMs: number, shown: boolean | null = true) => ({
  ...{ subject, condition: 'pulse-high', paintedMs, shown },
});
const crossing = (bed: string, atMs: number) => ({ bed, condition: 'pulse-high', atMs });

describe('matchPaints', () => {
  it('gives each crossing the first start of its own alarm after it, and uses a start once', () => {
    const { latenciesMs, missed, unseen } = matchPaints(
      [crossing('bed/1', 100), crossing('bed/1', 50_000), crossing('bed/2', 200), crossing('bed/3', 300)],
      [start('bed/1', 50_080), start('bed/1', 160), start('bed/2', 190), start('bed/3', 340, false)],
    );
    expect(latenciesMs).toEqual([60, 40, 80]);
    expect(missed).toEqual([crossing('bed/2', 200)]);
    expect(unseen).toBe(1);
  });

  it('does not take a start of half a minute later for the same crossing', () => {
    expect(matchPaints([crossing('bed/1', 0)], [start('bed/1', 30_001)]).missed).toHaveLength(1);
  });
});

describe('loadOf', () => {
  it('takes the slope of memory from the second half, when the process has settled', () => {
    const samples = Array.from({ length: 40 }, (_, i) => ({
      ...{ atMs: i * 60_000, cpuMs: i * 15_000, openFiles: 9, rssMiB: i < 20 ? 10 * i : 200 + i / 60 },
    }));
    const { cores, rssSlopeMiBPerHour } = loadOf(samples);
    expect(cores).toBeCloseTo(0.25, 6);
    expect(rssSlopeMiBPerHour).toBeCloseTo(1, 6);
    expect(loadOf(samples.slice(0, 10)).rssSlopeMiBPerHour).toBeNull();
  });
});
