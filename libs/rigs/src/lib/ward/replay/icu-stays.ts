import { DeviceError } from '@edge-blueprints/contracts';

/** Signals of a stay that a ward can show. */
export const staySignals = [
  'pulse',
  'respiration',
  'spo2',
  'systolic',
  'diastolic',
  'temperature',
  'gcs',
  'fio2',
] as const;
export type StaySignal = (typeof staySignals)[number];

/** A slow trend: times in seconds since admission, rising, and values. */
export interface Trend {
  readonly atS: readonly number[];
  readonly values: readonly number[];
}

export interface IcuStay {
  readonly record: string;
  readonly trends: Readonly<Partial<Record<StaySignal, Trend>>>;
  /** Values that no living body has; left out. */
  readonly implausible: number;
}

interface Column {
  readonly signal: StaySignal;
  readonly low: number;
  readonly high: number;
  /** Of two columns of one signal the arterial line comes before the cuff. */
  readonly rank: number;
}

/** Names of the PhysioNet Computing in Cardiology Challenge 2012. Bounds are chosen. */
const columns: ReadonlyMap<string, Column> = new Map([
  ['HR', { signal: 'pulse', low: 20, high: 250, rank: 0 }],
  ['RespRate', { signal: 'respiration', low: 2, high: 70, rank: 0 }],
  ['SaO2', { signal: 'spo2', low: 40, high: 100, rank: 0 }],
  ['SysABP', { signal: 'systolic', low: 40, high: 280, rank: 1 }],
  ['NISysABP', { signal: 'systolic', low: 40, high: 280, rank: 0 }],
  ['DiasABP', { signal: 'diastolic', low: 15, high: 180, rank: 1 }],
  ['NIDiasABP', { signal: 'diastolic', low: 15, high: 180, rank: 0 }],
  ['Temp', { signal: 'temperature', low: 30, high: 43, rank: 0 }],
  ['GCS', { signal: 'gcs', low: 3, high: 15, rank: 0 }],
  ['FiO2', { signal: 'fio2', low: 0.21, high: 1, rank: 0 }],
]);

/**
 * Reads rows of `RecordID,Time,Parameter,Value` with times HH:MM since admission, one stay after the other.
 * @throws DeviceError `rig.stays-format` that counts and shows the lines it does not understand
 */
export function readIcuStays(text: string, file: string): readonly IcuStay[] {
  const stays = new Map<
    string,
    { rows: Map<StaySignal, Map<number, { value: number; rank: number }>>; implausible: number }
  >();
  const wrong: string[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('RecordID')) continue;
    const [, record, hours, minutes, parameter, written] =
      /^(\d+),(\d+):(\d+),([A-Za-z0-9]+),(-?[\d.]+)\r?$/.exec(line) ?? [];
    const value = Number(written);
    if (record === undefined || parameter === undefined || !Number.isFinite(value)) {
      wrong.push(line.slice(0, 60));
      continue;
    }
    let stay = stays.get(record);
    if (stay === undefined) stays.set(record, (stay = { rows: new Map(), implausible: 0 }));
    const column = columns.get(parameter);
    if (column === undefined || value === -1) continue;
    if (value < column.low || value > column.high) {
      stay.implausible += 1;
      continue;
    }
    let rows = stay.rows.get(column.signal);
    if (rows === undefined) stay.rows.set(column.signal, (rows = new Map()));
    const atS = Number(hours) * 3_600 + Number(minutes) * 60;
    if ((rows.get(atS)?.rank ?? -1) <= column.rank) rows.set(atS, { value, rank: column.rank });
  }
  // Some parameters have an empty name in the original; a few such lines are no reason to refuse 200 stays.
  if (stays.size === 0 || wrong.length > 0.01 * text.split('\n').length)
    throw new DeviceError(
      'rig.stays-format',
      `${file}: ${wrong.length} lines are not RecordID,HH:MM,Parameter,Value, such as ${JSON.stringify(wrong.slice(0, 3))}; give set-a-*.csv of the CinC Challenge 2012`,
    );
  return [...stays].map(([record, { rows, implausible }]) => ({
    record,
    implausible,
    trends: Object.fromEntries(
      [...rows].map(([signal, points]) => {
        const sorted = [...points].sort(([a], [b]) => a - b);
        return [signal, { atS: sorted.map(([atS]) => atS), values: sorted.map(([, { value }]) => value) }];
      }),
    ),
  }));
}

/** A straight line between two values, the first before them and the last after. */
export function trendAt({ atS, values }: Trend, t: number): number {
  let low = 0;
  let high = atS.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((atS[middle] ?? 0) <= t) low = middle;
    else high = middle;
  }
  const from = atS[low] ?? 0;
  const to = atS[high] ?? from;
  const share = to > from ? Math.min(1, Math.max(0, (t - from) / (to - from))) : 0;
  const first = values[low] ?? 0;
  return first + ((values[high] ?? first) - first) * share;
}
