import type { AlarmCondition } from '@edge-blueprints/contracts';
import { tellsOf, type HeardAlarm } from './detection.js';
import type { LimitCrossing } from './truth-book.js';

/** While a wearable of this bed saw artefacts of motion. */
export interface ArtefactSegment {
  readonly bed: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** High and medium alarms of the body, falls among them: what the load of a ward is counted by. Technical ones are apart. */
export const isClinicalCall = ({ type, priority }: Pick<HeardAlarm, 'type' | 'priority'>): boolean =>
  type !== 'ST' && priority !== 'PL';

/** Alarms that began, by `PM spo2-low`, the most frequent first. */
export function countStarts(alarms: readonly HeardAlarm[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { priority, condition } of alarms) {
    const name = `${priority} ${condition}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]));
}

/** Averaging, hysteresis and delays follow the truth by no more than this. */
const followsMs = 120_000;

/**
 * Whether the truth has a reason for the alarm: a crossing of its condition, or of a less urgent one that it tells of, however
 * short, that was open when it began or within two minutes before.
 */
export function isTrue(alarm: HeardAlarm, crossings: readonly LimitCrossing[]): boolean {
  return crossings.some(
    ({ bed, condition, beganMs, endedMs }) =>
      bed === alarm.bed &&
      tellsOf(alarm, condition) &&
      beganMs <= alarm.startMs &&
      (endedMs ?? Number.POSITIVE_INFINITY) + followsMs >= alarm.startMs,
  );
}

/** The longest wait of a limit while a patient moves, and the window of the median. */
const afterArtefactMs = 60_000;

const measured: ReadonlySet<AlarmCondition> = new Set([
  'spo2-low',
  'spo2-very-low',
  'pulse-low',
  'pulse-high',
  'respiration-low',
  'respiration-high',
  'news2-red',
  'news2-medium',
  'news2-high',
]);

/** @returns the alarm of each segment that the truth has no reason for: one that began in it, or within a minute after it */
export function falseOnArtefacts(
  segments: readonly ArtefactSegment[],
  alarms: readonly HeardAlarm[],
  crossings: readonly LimitCrossing[],
): readonly (HeardAlarm | undefined)[] {
  const suspects = alarms.filter(
    (alarm) => measured.has(alarm.condition) && isClinicalCall(alarm) && !isTrue(alarm, crossings),
  );
  return segments.map(({ bed, fromMs, toMs }) =>
    suspects.find((alarm) => alarm.bed === bed && alarm.startMs >= fromMs && alarm.startMs <= toMs + afterArtefactMs),
  );
}
