/** How much of the page can be believed. `lost` is the loudest state that the page has. */
export type Connection = 'connecting' | 'live' | 'stale' | 'lost';

/** The station pushes four times a second; eight missed pushes are a fact, twenty an outage. */
export const staleAfterMs = 2_000;
export const lostAfterMs = 5_000;

export interface ConnectionFacts {
  readonly socketConnected: boolean;
  readonly startedAtMs: number;
  /** Local clock at the arrival of the last view, null before the first. */
  readonly receivedAtMs: number | null;
}

export function connectionAt(facts: ConnectionFacts, nowMs: number): Connection {
  if (facts.receivedAtMs === null) return nowMs - facts.startedAtMs > lostAfterMs ? 'lost' : 'connecting';
  const silentMs = nowMs - facts.receivedAtMs;
  if (silentMs > lostAfterMs) return 'lost';
  if (silentMs > staleAfterMs) return facts.socketConnected ? 'stale' : 'lost';
  return 'live';
}

/**
 * Age of a moment that the station stamped, ms. The stamp and the view carry the clock of the station, the rest is
 * counted on the clock of this browser, so a difference between the two clocks cancels out.
 */
export function stationAgeMs(stamp: string, viewAt: string, receivedAtMs: number, nowMs: number): number {
  const atView = Date.parse(viewAt) - Date.parse(stamp);
  return Math.max(0, Number.isNaN(atView) ? 0 : atView) + Math.max(0, nowMs - receivedAtMs);
}
