import type { AlarmCondition, News2Parameter, News2Score } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { continuousParameters } from '../scores/observations/signal-window.js';
import { parameterName, scoreText } from '../scores/news2-report.js';
import type { WatchWord } from './threshold-watch.js';

export const news2SettingsSchema = z.strictObject({
  /**
   * A score rises at once and falls after it was lower for so long: one that wanders about a threshold is one alarm, not many.
   * Below the 10 min after which an acknowledgement of medium priority ends, so that what is over does not call again.
   */
  lowerAfterMs: z.int().min(0).max(1_800_000).default(480_000),
  /** The same for a score of 1 to 4, which only shows. */
  lowAfterMs: z.int().min(0).max(7_200_000).default(1_800_000),
  /** A red parameter below five points is told after so long, and not while a limit of the same signal sounds: one cause, one alarm. */
  redAfterMs: z.int().min(0).max(600_000).default(60_000),
  /** The medians of a score are of values from a walk for so long after it. */
  walkedMs: z.int().min(0).max(600_000).default(60_000),
  /** The score is of a patient at rest: on a walk, a rise must last so long. Longer than most walks on a ward; never suppressed. */
  movingRiseAfterMs: z.int().min(0).max(600_000).default(300_000),
  /** A limit of a signal that gives points calls somebody already: a rise to five or six waits so long, one to seven never. */
  toldRiseAfterMs: z.int().min(0).max(600_000).default(300_000),
  /**
   * Five or six that was told, acknowledged and is over, and comes back with no more points in total or in any parameter, is shown
   * and not told again until so long after it was told. 8 h, a shift: who takes over is told anew.
   */
  answeredMs: z.int().min(0).max(43_200_000).default(28_800_000),
});
export type News2Settings = Readonly<z.infer<typeof news2SettingsSchema>>;

type News2Condition = Extract<AlarmCondition, 'news2-low-change' | 'news2-red' | 'news2-medium' | 'news2-high'>;

/** What is known beside the score. */
export interface BedsideState {
  /** Parameters of which a limit tells already. */
  readonly told: ReadonlySet<News2Parameter>;
  /** The patient moves, or did while the values of the score were measured. */
  readonly isMoving: boolean;
  /** The alarm of five or six is acknowledged: asked when it ends. */
  readonly isAnswered?: () => boolean;
}

/** What the score says to the alarm engine; one kind of condition at a time, the most urgent. */
export interface News2Watch {
  take(
    score: News2Score,
    atMs: number,
    bed?: BedsideState,
  ): readonly { readonly condition: News2Condition; readonly word: WatchWord }[];
  /** After a restart: the engine has this alarm. What the sensors said before is not known, so until they speak they may hold it up. */
  adopt(condition: AlarmCondition): void;
}

const calm: BedsideState = { told: new Set(), isMoving: false };
/** What somebody acknowledged: the most points of the episode, in total and by parameter. */
interface ToldPoints {
  readonly toldMs: number;
  total: number;
  readonly points: Map<News2Parameter, number>;
}

const steps: readonly News2Condition[] = ['news2-low-change', 'news2-red', 'news2-medium', 'news2-high'];

/**
 * Follows `lo`, which is certain, and red parameters. When points vanish because an input is not known any more, nothing got
 * better: the last points of a missing input are carried, and a condition that only they hold up is `unknown`, not over.
 */
export function createNews2Watch(settings: News2Settings): News2Watch {
  const { lowerAfterMs, lowAfterMs, redAfterMs, movingRiseAfterMs, toldRiseAfterMs, answeredMs } = settings;
  const carried = new Map<News2Parameter, number>();
  let held: News2Condition | undefined;
  let heldState: 'true' | 'unknown' = 'true';
  let said = '';
  let adopted = false;
  let lowerSinceMs: number | undefined;
  let redSinceMs: number | undefined;
  let higherSinceMs: number | undefined;
  let medium: ToldPoints | undefined;
  let answered: ToldPoints | undefined;

  return {
    take(score, atMs, { told, isMoving, isAnswered } = calm) {
      for (const { parameter, missing, lo } of score.subScores) if (missing === undefined) carried.set(parameter, lo);
      redSinceMs = score.red.length > 0 ? (redSinceMs ?? atMs) : undefined;
      const isNews =
        redSinceMs !== undefined && atMs - redSinceMs >= redAfterMs && score.red.some((one) => !told.has(one));
      // Once told it stays told: a limit that begins later takes nothing back.
      const isRed = isNews || (held === 'news2-red' && score.red.length > 0);
      const certain = conditionOf(score.lo, isRed);
      const points = score.subScores.map(({ parameter, missing, lo, hi }) =>
        missing === undefined ? lo : (carried.get(parameter) ?? (adopted && isContinuous(parameter) ? hi : 0)),
      );
      const withCarried = conditionOf(
        points.reduce((sum, one) => sum + one, 0),
        points.includes(3),
      );
      const lost = held !== undefined && rank(certain) < rank(held) && rank(withCarried) >= rank(held);
      const isLower = held !== undefined && !lost && rank(certain) < rank(held);
      lowerSinceMs = isLower ? (lowerSinceMs ?? atMs) : undefined;
      const waitMs = held === 'news2-low-change' ? lowAfterMs : lowerAfterMs;
      const waits = lowerSinceMs !== undefined && atMs - lowerSinceMs < waitMs;
      if (!waits) lowerSinceMs = undefined;
      const isHigher = rank(certain) > rank(held);
      higherSinceMs = isHigher ? (higherSinceMs ?? atMs) : undefined;
      const higherMs = higherSinceMs === undefined ? 0 : atMs - higherSinceMs;
      const isWalk = isHigher && isMoving && higherMs < movingRiseAfterMs;
      const isCalled =
        isHigher &&
        certain === 'news2-medium' &&
        higherMs < toldRiseAfterMs &&
        score.subScores.some(({ parameter, lo }) => lo > 0 && told.has(parameter));
      if (answered !== undefined && atMs - answered.toldMs >= answeredMs) answered = undefined;
      const isKnown = isHigher && certain === 'news2-medium' && answered !== undefined && isWithin(score, answered);
      const now = isKnown ? (held ?? 'news2-low-change') : lost || waits || isWalk || isCalled ? held : certain;
      const state = lost ? 'unknown' : 'true';
      // What was measured may change every second; the points are the news.
      const news = `${score.lo} ${score.hi} ${points.join(' ')}`;
      const text = waits
        ? `${describe(score)}; higher before`
        : isKnown
          ? `${describe(score)}; answered before`
          : lost
            ? `${scoreText(score)}: inputs lost, last known higher`
            : describe(score);
      const words: { condition: News2Condition; word: WatchWord }[] = [];
      if (held !== undefined && held !== now) words.push({ condition: held, word: { state: 'false', text } });
      if (now !== undefined && (now !== held || state !== heldState || news !== said))
        words.push({ condition: now, word: { state, ...(now === held ? {} : { onsetMs: atMs }), text } });
      if (now === undefined) carried.clear();
      if (held === 'news2-medium' && now !== held) answered = isAnswered?.() === true ? medium : undefined;
      if (now === 'news2-medium') medium = withMost(held === now ? medium : undefined, score, atMs);
      held = now;
      heldState = state;
      said = news;
      return words;
    },
    adopt(condition) {
      const known = steps.find((step) => step === condition);
      if (known === undefined || rank(known) < rank(held)) return;
      held = known;
      heldState = 'unknown';
      adopted = true;
    },
  };
}

function withMost(before: ToldPoints | undefined, score: News2Score, atMs: number): ToldPoints {
  const told = before ?? { toldMs: atMs, total: 0, points: new Map<News2Parameter, number>() };
  told.total = Math.max(told.total, score.lo);
  for (const { parameter, lo } of score.subScores)
    told.points.set(parameter, Math.max(told.points.get(parameter) ?? 0, lo));
  return told;
}

function isWithin(score: News2Score, { total, points }: ToldPoints): boolean {
  return score.lo <= total && score.subScores.every(({ parameter, lo }) => lo <= (points.get(parameter) ?? 0));
}

function isContinuous(parameter: News2Parameter): boolean {
  return continuousParameters.some((one) => one === parameter);
}

function conditionOf(total: number, red: boolean): News2Condition | undefined {
  if (total >= 7) return 'news2-high';
  if (total >= 5) return 'news2-medium';
  if (red) return 'news2-red';
  return total >= 1 ? 'news2-low-change' : undefined;
}

function rank(condition: News2Condition | undefined): number {
  return condition === undefined ? -1 : steps.indexOf(condition);
}

function describe(score: News2Score): string {
  const parts = score.subScores
    .filter(({ lo }) => lo > 0)
    .sort((a, b) => b.lo - a.lo)
    .map(
      ({ parameter, lo, rounded }) =>
        `${parameterName(parameter)}${rounded === undefined ? '' : ` ${rounded}`} (${lo})`,
    );
  return `${scoreText(score)}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}
