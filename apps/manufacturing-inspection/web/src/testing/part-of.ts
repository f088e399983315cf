import type { PartSummary } from '@edge-blueprints/contracts';

/** Part number `n` of a line that makes one part a second. */
export function partOf(n: number, change: Partial<PartSummary> = {}): PartSummary {
  return {
    resultId: `r${n}`,
    partSeq: n,
    partId: `B${n}`,
    verdict: 'pass',
    reason: '',
    at: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
    captureToActMs: 9,
    overruled: false,
    ...change,
  };
}

/** Parts `from` to `to`, newest first, as the station sends them. */
export function partsOf(from: number, to: number): PartSummary[] {
  return Array.from({ length: to - from + 1 }, (_, index) => partOf(to - index));
}
