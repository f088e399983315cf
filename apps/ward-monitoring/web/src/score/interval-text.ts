import type { News2Band, News2Score } from '@edge-blueprints/contracts';

/** "5" where everything is known, "3–9" for an interval; an incomplete score never reads like a complete one. */
export function intervalText(score: Pick<News2Score, 'lo' | 'hi' | 'complete'>): string {
  if (score.complete) return String(score.lo);
  return `${score.lo}–${score.hi}`;
}

/** How much a band asks for. `none` is calm, which is not a statement that all is well; nothing is green. */
export type BandTone = 'none' | 'unknown' | 'low' | 'act' | 'stop';

export const bandTone: Readonly<Record<News2Band, BandTone>> = {
  zero: 'none',
  low: 'low',
  'low-medium': 'act',
  medium: 'act',
  high: 'stop',
  insufficient: 'unknown',
};

/** Of an incomplete score the calm tone is not shown: what is missing may be what matters. */
export function scoreTone(score: Pick<News2Score, 'band' | 'complete'>): BandTone {
  const tone = bandTone[score.band];
  return tone === 'none' && !score.complete ? 'unknown' : tone;
}
