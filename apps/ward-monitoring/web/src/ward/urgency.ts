import type { AlarmPriority, AlarmSnapshot, BedView } from '@edge-blueprints/contracts';

const priorityRank: Readonly<Record<AlarmPriority, number>> = { PH: 0, PM: 1, PL: 2 };

/** Still asks for a person: not acknowledged, or its acknowledgement has run out. */
export const isCalling = ({ phase }: Pick<AlarmSnapshot, 'phase'>): boolean => phase === 'on' || phase === 'latched';

/**
 * Which alarm is told at the top: the highest priority, of these one that still calls, of these one that nobody has taken, a
 * patient before a device, then the oldest. With the same alarms it is always the same one.
 */
export function compareAlarms(a: AlarmSnapshot, b: AlarmSnapshot): number {
  const shelf = (alarm: AlarmSnapshot): number => (alarm.shelvedUntilMs === undefined ? 0 : 1);
  return (
    shelf(a) - shelf(b) ||
    priorityRank[a.priority] - priorityRank[b.priority] ||
    Number(isCalling(b)) - Number(isCalling(a)) ||
    Number(a.responsibility === 'accepted') - Number(b.responsibility === 'accepted') ||
    Number(a.type === 'ST') - Number(b.type === 'ST') ||
    a.onsetMs - b.onsetMs ||
    (a.alarmId < b.alarmId ? -1 : 1)
  );
}

export function primaryAlarm(alarms: readonly AlarmSnapshot[]): AlarmSnapshot | undefined {
  return [...alarms].sort(compareAlarms)[0];
}

/**
 * Coarse on purpose: a bed moves only when what it asks for changes in kind, never because a number wobbles. 0 is first.
 * @param alarms those of this bed that are not ended
 */
export function urgencyOf(bed: BedView, alarms: readonly AlarmSnapshot[]): number {
  const heard = bed.shelved === null ? alarms : [];
  const top = [...heard].sort(compareAlarms)[0];
  if (top?.priority === 'PH') return isCalling(top) ? 0 : 1;
  if (top?.priority === 'PM') return isCalling(top) ? 2 : 3;
  const band = bed.score?.band;
  if (band === 'high') return 4;
  if (band === 'medium' || band === 'low-medium') return 5;
  if (top !== undefined) return 6;
  if (bed.watch || bed.overdue.length > 0) return 7;
  if (band === 'insufficient' || (bed.score === null && bed.device !== null)) return 8;
  if (band === 'low') return 9;
  return bed.device === null ? 11 : 10;
}

export interface RankedBed {
  readonly bed: string;
  readonly urgency: number;
}

const natural = new Intl.Collator('en', { numeric: true });

/** Most urgent first, then by the number of the bed: the same ward is always in the same order. */
export function orderBeds(beds: readonly RankedBed[]): readonly string[] {
  return [...beds].sort((a, b) => a.urgency - b.urgency || natural.compare(a.bed, b.bed)).map(({ bed }) => bed);
}

/** While somebody points at the tiles nothing moves: who is gone leaves, who is new comes last. */
export function heldOrder(shown: readonly string[], wanted: readonly string[], held: boolean): readonly string[] {
  if (!held) return same(shown, wanted) ? shown : wanted;
  const there = new Set(wanted);
  const known = new Set(shown);
  const next = [...shown.filter((bed) => there.has(bed)), ...wanted.filter((bed) => !known.has(bed))];
  return same(shown, next) ? shown : next;
}

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((bed, i) => bed === b[i]);
