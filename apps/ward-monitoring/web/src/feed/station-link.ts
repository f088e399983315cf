/** Beats of the gateway as this browser hears them; it needs no help of the gateway to notice that they stop. */
export interface StationLink {
  readonly startedMs: number;
  readonly beatMs: number | null;
}

/** Three missed beats. */
export const lostAfterMs = 3_000;
/** A page that was just opened may take this long for the first beat. */
export const firstBeatMs = 5_000;

export type LinkState = 'connecting' | 'monitored' | 'lost';

export function linkAt({ startedMs, beatMs }: StationLink, nowMs: number): LinkState {
  if (beatMs === null) return nowMs - startedMs > firstBeatMs ? 'lost' : 'connecting';
  return nowMs - beatMs > lostAfterMs ? 'lost' : 'monitored';
}
