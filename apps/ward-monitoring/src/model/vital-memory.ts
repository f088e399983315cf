import {
  hourlyMedians,
  minuteOf,
  modelSignals,
  signalRange,
  windowHours,
  type ModelSignal,
  type PatientWindow,
} from './features.js';

/** Minute means of one patient over the last twelve hours; bounded by signals times minutes. */
export interface VitalMemory {
  /** Values outside of what a person can have are left out and counted. `atMs` is the journal's clock. */
  add(signal: ModelSignal, atMs: number, value: number): void;
  window(nowMs: number): PatientWindow;
  /** Values that were not taken: implausible, or older than the window. */
  readonly refused: number;
  /** A new patient in the bed. */
  clear(): void;
}

export function createVitalMemory(): VitalMemory {
  const cells = new Map<ModelSignal, Map<number, { sum: number; count: number }>>();
  let newestMinute = 0;
  let refused = 0;
  const forget = (minutes: Map<number, unknown>) => {
    for (const minute of minutes.keys()) if (minute <= newestMinute - windowHours * 60) minutes.delete(minute);
  };
  const meansOf = (signal: ModelSignal) =>
    [...(cells.get(signal) ?? [])].map(([minute, { sum, count }]) => ({ minute, value: sum / count }));
  return {
    add: (signal, atMs, value) => {
      const { low, high } = signalRange[signal];
      const minute = minuteOf(atMs);
      if (!(value >= low && value <= high) || minute <= newestMinute - windowHours * 60) {
        refused += 1;
        return;
      }
      const minutes = cells.get(signal) ?? new Map<number, { sum: number; count: number }>();
      cells.set(signal, minutes);
      const cell = minutes.get(minute);
      if (cell === undefined) {
        minutes.set(minute, { sum: value, count: 1 });
        newestMinute = Math.max(newestMinute, minute);
        forget(minutes);
      } else {
        cell.sum += value;
        cell.count += 1;
      }
    },
    window: (nowMs) => {
      const nowMinute = minuteOf(nowMs);
      const of = (signal: ModelSignal) => hourlyMedians(meansOf(signal), nowMinute);
      const [pulse, oxygenSaturation, respiration, temperature, systolic, notAlert, oxygen] = modelSignals;
      return {
        pulse: of(pulse),
        oxygenSaturation: of(oxygenSaturation),
        respiration: of(respiration),
        temperature: of(temperature),
        systolic: of(systolic),
        notAlert: of(notAlert),
        oxygen: of(oxygen),
      };
    },
    get refused() {
      return refused;
    },
    clear: () => {
      cells.clear();
    },
  };
}
