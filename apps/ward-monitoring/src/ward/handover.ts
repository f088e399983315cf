import type { AlarmRecord, HandoverView, News2Score, WardView } from '@edge-blueprints/contracts';
import { parameterName } from '../scores/news2-report.js';
import { historyMinutes, type VitalHistory } from './vital-history.js';

/** @param hours of the local day at which shifts begin @returns when the current one began, ms of Unix time */
export function shiftStart(wallMs: number, hours: readonly number[]): number {
  const starts = [0, -1].flatMap((day) =>
    hours.map((hour) => {
      const at = new Date(wallMs);
      at.setDate(at.getDate() + day);
      at.setHours(hour, 0, 0, 0);
      return at.getTime();
    }),
  );
  return Math.max(...starts.filter((at) => at <= wallMs));
}

/** What happened in the current shift, bed by bed. */
export function buildHandover(
  view: WardView,
  records: readonly AlarmRecord[],
  history: VitalHistory,
  { wallMs, fromMs }: { readonly wallMs: number; readonly fromMs: number },
): HandoverView {
  const minutes = Math.min(historyMinutes, Math.max(1, Math.ceil((wallMs - fromMs) / 60_000)));
  return {
    fromAt: new Date(fromMs).toISOString(),
    toAt: new Date(wallMs).toISOString(),
    beds: view.beds.map(({ bed, label, score, overdue }) => {
      const own = records.filter(
        ({ alarm, startedAt, endedAt }) =>
          alarm.subject === bed &&
          (endedAt === null || Date.parse(endedAt) >= fromMs || Date.parse(startedAt) >= fromMs),
      );
      const started = own.filter(({ startedAt }) => Date.parse(startedAt) >= fromMs);
      const count = (priority: string): number => started.filter(({ alarm }) => alarm.priority === priority).length;
      const lo = history.read(bed, 'scoreLo', view.nowMs, 1, minutes);
      const hi = history.read(bed, 'scoreHi', view.nowMs, 1, minutes);
      const known = lo.flatMap((value) => (value === null ? [] : [Math.round(value)]));
      return {
        bed,
        label,
        scoreAtStart: intervalText(lo[0] ?? null, hi[0] ?? null),
        scoreNow: scoreNow(score),
        highest: known.length === 0 ? null : Math.max(...known),
        scale: score?.scale ?? 1,
        alarms: { PH: count('PH'), PM: count('PM'), PL: count('PL') },
        open: own.filter(({ endedAt }) => endedAt === null).map(({ alarm }) => alarm.text),
        overdue: overdue.map(({ parameter, overdueMin }) => `${parameterName(parameter)} overdue by ${overdueMin} min`),
        notes: own
          .flatMap(({ moments }) => moments)
          .filter(({ at }) => Date.parse(at) >= fromMs)
          .sort((a, b) => a.at.localeCompare(b.at))
          .slice(-50),
      };
    }),
  };
}

function intervalText(lo: number | null, hi: number | null): string {
  if (lo === null || hi === null) return 'not known';
  const [low, high] = [Math.round(lo), Math.round(hi)];
  return low === high ? String(low) : `${low}-${high}`;
}

function scoreNow(score: News2Score | null): string {
  if (score === null) return 'none';
  return score.band === 'insufficient' ? `insufficient (${score.lo}-${score.hi})` : intervalText(score.lo, score.hi);
}
