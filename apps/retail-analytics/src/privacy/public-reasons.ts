/**
 * Reasons for doubt that may leave the store. A camera's state, the clock and the plan tell of equipment. Everything else
 * (a queue whose own check fails, a crowd beyond capacity) was worked out from people without noise: it stays on the live page.
 */
const equipment = /^(camera|clock|plan)\b/;

export function publicReasons(reasons: readonly string[]): readonly string[] {
  return [...new Set(reasons)]
    .filter((reason) => equipment.test(reason))
    .map((reason) => reason.slice(0, 120))
    .slice(0, 8);
}

/** Coverage in hundredths, rounded down: two windows cannot be told apart by single frames. */
export function publicCoverage(share: number): number {
  return Number.isFinite(share) ? Math.floor(Math.min(1, Math.max(0, share)) * 100) / 100 : 0;
}
