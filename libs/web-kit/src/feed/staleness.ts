/** How much of the page can be believed. `lost` is the loudest state that the page has. */
export type Connection = 'connecting' | 'live' | 'stale' | 'lost';

/** How long a silence may last before it is a fact, and before it is an outage. */
export interface SilenceLimits {
  readonly staleAfterMs: number;
  readonly lostAfterMs: number;
}

export interface ConnectionFacts {
  readonly socketConnected: boolean;
  readonly startedAtMs: number;
  /** Local clock at the arrival of the last view, null before the first. */
  readonly receivedAtMs: number | null;
}

export function connectionAt(facts: ConnectionFacts, nowMs: number, limits: SilenceLimits): Connection {
  const { staleAfterMs, lostAfterMs } = limits;
  if (facts.receivedAtMs === null) return nowMs - facts.startedAtMs > lostAfterMs ? 'lost' : 'connecting';
  const silentMs = nowMs - facts.receivedAtMs;
  if (silentMs > lostAfterMs) return 'lost';
  if (silentMs > staleAfterMs) return facts.socketConnected ? 'stale' : 'lost';
  return 'live';
}

/**
 * Age of a moment that the server stamped, ms. The stamp and the view carry the clock of the server, the rest is
 * counted on the clock of this browser, so a difference between the two clocks cancels out.
 */
export function stampAgeMs(stamp: string, viewAt: string, receivedAtMs: number, nowMs: number): number {
  const atView = Date.parse(viewAt) - Date.parse(stamp);
  return Math.max(0, Number.isNaN(atView) ? 0 : atView) + Math.max(0, nowMs - receivedAtMs);
}
