import type { AlarmCondition, AlarmPriority, AlarmType } from '@edge-blueprints/contracts';
import type { ToldStory, LimitCrossing } from './truth-book.js';

/** An alarm as a nurse station heard of it. Times in ms of the ward's own clock, as those of the truth. */
export interface HeardAlarm {
  readonly bed: string;
  readonly condition: AlarmCondition;
  readonly type: AlarmType;
  readonly priority: AlarmPriority;
  readonly startMs: number;
  /** When its condition was over; absent: it lasts. */
  readonly endMs?: number;
}

/** What tells of a condition beside the alarm of the same name: a more urgent one of the same signal. */
const toldBy: Readonly<Partial<Record<AlarmCondition, readonly AlarmCondition[]>>> = {
  'spo2-low': ['spo2-very-low'],
  'news2-red': ['news2-medium', 'news2-high'],
  'news2-medium': ['news2-high'],
  'battery-low': ['battery-critical'],
};

const minuteMs = 60_000;

/**
 * An alarm that comes later than this after its condition was met does not count. NEWS2 has one interval of observations of chart 4
 * at five points or more, an hour: blood pressure, temperature and consciousness are measured by hand. All else has two minutes,
 * in which the wait of 30 s while a patient moves, the stillness after a fall and the last will of a device have room.
 */
export function lateAfterMs(condition: AlarmCondition): number {
  return condition.startsWith('news2') ? 60 * minuteMs : 2 * minuteMs;
}

export function tellsOf(alarm: Pick<HeardAlarm, 'condition'>, condition: AlarmCondition): boolean {
  return alarm.condition === condition || toldBy[condition]?.includes(alarm.condition) === true;
}

/**
 * The alarm that told of a crossing which lasted as long as its delay: one of its condition, or of a more urgent one of the same
 * signal, in the same bed, that was on at some moment between the beginning of the crossing and the latest of two minutes after
 * its end and `lateAfterMs` after it was held, whichever is first. An alarm that was on before counts, as it is what a nurse sees.
 */
export function alarmOf(crossing: LimitCrossing, alarms: readonly HeardAlarm[]): HeardAlarm | undefined {
  const { bed, condition, beganMs, heldMs, endedMs } = crossing;
  if (heldMs === undefined) return undefined;
  const untilMs = Math.min(heldMs + lateAfterMs(condition), (endedMs ?? Number.POSITIVE_INFINITY) + 2 * minuteMs);
  return alarms
    .filter(
      (alarm) =>
        alarm.bed === bed &&
        tellsOf(alarm, condition) &&
        alarm.startMs <= untilMs &&
        (alarm.endMs ?? Number.POSITIVE_INFINITY) >= beganMs,
    )
    .reduce<HeardAlarm | undefined>(
      (first, one) => (first === undefined || one.startMs < first.startMs ? one : first),
      undefined,
    );
}

export interface JudgedCrossing {
  readonly crossing: LimitCrossing;
  readonly alarm: HeardAlarm | undefined;
  /** From the true onset to the alarm; absent where none came, or one was on before. */
  readonly delayMs?: number;
}

/** Every crossing that was held, with the alarm that told of it. */
export function judgeCrossings(
  crossings: readonly LimitCrossing[],
  alarms: readonly HeardAlarm[],
): readonly JudgedCrossing[] {
  const byBed = new Map<string, HeardAlarm[]>();
  for (const alarm of alarms) {
    const list = byBed.get(alarm.bed);
    if (list === undefined) byBed.set(alarm.bed, [alarm]);
    else list.push(alarm);
  }
  return crossings
    .filter(({ heldMs }) => heldMs !== undefined)
    .map((crossing) => {
      const alarm = alarmOf(crossing, byBed.get(crossing.bed) ?? []);
      const fresh = alarm !== undefined && alarm.startMs >= crossing.beganMs;
      return { crossing, alarm, ...(fresh ? { delayMs: alarm.startMs - crossing.beganMs } : {}) };
    });
}

export interface JudgedStory {
  readonly story: ToldStory;
  /** Held crossings of what the story is expected to do. None: its course did not reach a limit. */
  readonly crossings: readonly JudgedCrossing[];
  /** The first alarm that told of one of them. */
  readonly alarm: HeardAlarm | undefined;
  /** From the true onset of the first crossing to that alarm. */
  readonly delayMs?: number;
}

/** Every story with the crossings that it brought about; it was detected when an alarm told of one of them. */
export function judgeStories(stories: readonly ToldStory[], judged: readonly JudgedCrossing[]): readonly JudgedStory[] {
  return stories.map((story) => {
    const crossings = judged.filter(
      ({ crossing }) => crossing.story === story.id && story.expects.includes(crossing.condition),
    );
    const heard = crossings.flatMap(({ alarm }) => alarm ?? []);
    const alarm =
      heard.length === 0 ? undefined : heard.reduce((first, one) => (one.startMs < first.startMs ? one : first));
    const onsetMs = Math.min(...crossings.map(({ crossing }) => crossing.beganMs));
    const delay = alarm === undefined ? {} : { delayMs: Math.max(0, alarm.startMs - onsetMs) };
    return { story, crossings, alarm, ...delay };
  });
}

/** Of the body: what a nurse must be told of with high or medium priority. The others are trouble of a device. */
const ofTheBody: ReadonlySet<string> = new Set([
  'sepsis',
  'hypoxia',
  'atrial-fibrillation',
  'bradycardia',
  'opioid',
  'fall',
]);

export const isClinical = ({ story }: ToldStory): boolean => ofTheBody.has(story);
