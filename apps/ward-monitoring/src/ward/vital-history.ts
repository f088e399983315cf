import type { BedHistory } from '@edge-blueprints/contracts';

export type HistorySeries = keyof BedHistory['series'];

export const historySeries = [
  'pulse',
  'oxygenSaturation',
  'respiration',
  'systolic',
  'temperature',
  'scoreLo',
  'scoreHi',
] as const satisfies readonly HistorySeries[];

/** Minute means of one series, oldest first, up to the minute `newest` of the journal clock. */
export interface KeptTrack {
  readonly bed: string;
  readonly series: HistorySeries;
  readonly newest: number;
  /** Tenths; `unknownTenths` where nothing was known. */
  readonly tenths: Int16Array;
}

export const unknownTenths = -32_768;

/** Minute means of each bed over the last day, in memory of a fixed size. */
export interface VitalHistory {
  /** @param atMs journal clock */
  add(bed: string, series: HistorySeries, atMs: number, value: number): void;
  /** Means of `stepMinutes` minutes, oldest first, the last one ends now; null where nothing was known. */
  read(
    bed: string,
    series: HistorySeries,
    nowMs: number,
    stepMinutes: number,
    steps: number,
  ): readonly (number | null)[];
  /** Another patient. */
  clear(bed: string): void;
  keep(): readonly KeptTrack[];
  /** Of the life before: what lies in the time of the patient who is in the bed now. */
  restore(track: KeptTrack, patientSinceMs: number, nowMs: number): void;
}

export const historyMinutes = 1_440;
const minuteMs = 60_000;

interface Track {
  readonly sums: Float64Array;
  readonly counts: Uint16Array;
  newest: number;
}

/** @param mostBeds values of further beds are not kept */
export function createVitalHistory(mostBeds: number): VitalHistory {
  const beds = new Map<string, Map<HistorySeries, Track>>();
  const trackOf = (bed: string, series: HistorySeries, minute: number): Track | undefined => {
    const known = beds.get(bed) ?? new Map<HistorySeries, Track>();
    if (!beds.has(bed)) {
      if (beds.size >= mostBeds) return undefined;
      beds.set(bed, known);
    }
    const track = known.get(series) ?? {
      sums: new Float64Array(historyMinutes),
      counts: new Uint16Array(historyMinutes),
      newest: minute,
    };
    known.set(series, track);
    return track;
  };
  const add: VitalHistory['add'] = (bed, series, atMs, value) => {
    const minute = Math.floor(atMs / minuteMs);
    const track = trackOf(bed, series, minute);
    if (track === undefined || minute <= track.newest - historyMinutes) return;
    for (let next = Math.max(track.newest + 1, minute - historyMinutes + 1); next <= minute; next += 1) {
      track.sums[next % historyMinutes] = 0;
      track.counts[next % historyMinutes] = 0;
    }
    track.newest = Math.max(track.newest, minute);
    const at = minute % historyMinutes;
    track.sums[at] = (track.sums[at] ?? 0) + value;
    track.counts[at] = Math.min((track.counts[at] ?? 0) + 1, 65_535);
  };
  return {
    add,
    read(bed, series, nowMs, stepMinutes, steps) {
      const track = beds.get(bed)?.get(series);
      const last = Math.floor(nowMs / minuteMs);
      return Array.from({ length: steps }, (_, step) => {
        let [sum, count] = [0, 0];
        const end = last - (steps - 1 - step) * stepMinutes;
        for (let minute = end - stepMinutes + 1; minute <= end; minute += 1) {
          if (track === undefined || minute < 0 || minute > track.newest || minute <= track.newest - historyMinutes)
            continue;
          const at = minute % historyMinutes;
          sum += track.sums[at] ?? 0;
          count += track.counts[at] ?? 0;
        }
        return count === 0 ? null : Math.round((10 * sum) / count) / 10;
      });
    },
    clear: (bed) => void beds.delete(bed),
    keep: () =>
      [...beds].flatMap(([bed, tracks]) =>
        [...tracks].map(([series, { sums, counts, newest }]) => ({
          ...{ bed, series, newest },
          tenths: Int16Array.from({ length: historyMinutes }, (_, i) => {
            const minute = newest - historyMinutes + 1 + i;
            const at = minute % historyMinutes;
            const count = minute < 0 ? 0 : (counts[at] ?? 0);
            return count === 0
              ? unknownTenths
              : Math.max(-32_767, Math.min(32_767, Math.round((10 * (sums[at] ?? 0)) / count)));
          }),
        })),
      ),
    restore({ bed, series, newest, tenths }, patientSinceMs, nowMs) {
      // Minutes that are still to come are of another journal.
      if (newest > Math.floor(nowMs / minuteMs)) return;
      for (const [i, value] of tenths.entries()) {
        const minute = newest - tenths.length + 1 + i;
        if (value !== unknownTenths && minute * minuteMs >= patientSinceMs)
          add(bed, series, minute * minuteMs, value / 10);
      }
    },
  };
}
