import type { MissingReason, News2Input } from '@edge-blueprints/contracts';

/** Signals that a wearable measures all the time. */
export const continuousParameters = ['respiration', 'oxygenSaturation', 'pulse'] as const;
export type ContinuousParameter = (typeof continuousParameters)[number];

/** One judged sample of a continuous signal. */
export interface SignalReading {
  readonly parameter: ContinuousParameter;
  /** `{device}/{boot}/{seq}` */
  readonly observation: string;
  /** On the gateway's clock, never later than the receipt. */
  readonly measuredMs: number;
  /** Decimal string; absent where the device measured nothing. */
  readonly value?: string;
  /** `suspect` values are scored only where no good one is at hand; `unusable` ones never. */
  readonly grade: 'good' | 'suspect' | 'unusable';
  readonly why?: MissingReason;
}

export interface SignalWindow {
  take(reading: SignalReading): void;
  /** The median sample of the window, or why there is none. */
  read(nowMs: number): News2Input<string>;
}

export interface SignalWindowOptions {
  /** Samples of so long before the newest one are looked at; 0 takes the newest one alone. */
  readonly windowMs: number;
  /** Older than this is not known. */
  readonly staleMs: number;
}

const mostSamples = 256;

type Sample = Pick<SignalReading, 'observation' | 'measuredMs'> & {
  readonly grade: 'good' | 'suspect';
  readonly value: string;
  readonly number: number;
};

/** Samples by value, then by time. Their numbers lie side by side: a search that visits the samples waits for memory at each step. */
interface Sorted {
  readonly samples: Sample[];
  readonly numbers: number[];
}

/**
 * The recent samples of one signal of one patient. The score follows the median and not the newest sample: one artefact does
 * not raise an alarm. Of an even number the lower one, so that the value is one that was measured and has an id.
 */
export function createSignalWindow({ windowMs, staleMs }: SignalWindowOptions): SignalWindow {
  const samples: Sample[] = [];
  // The same samples by value: a median is looked at every second, and sorting a minute of samples each time costs.
  const byValue: Readonly<Record<'good' | 'suspect', Sorted>> = {
    good: { samples: [], numbers: [] },
    suspect: { samples: [], numbers: [] },
  };
  let unusable: SignalReading | undefined;

  const drop = (sample: Sample): void => {
    const list = byValue[sample.grade === 'good' ? 'good' : 'suspect'];
    const at = list.samples.indexOf(sample, placeOf(list, sample) - 1);
    if (at < 0) return;
    list.samples.splice(at, 1);
    list.numbers.splice(at, 1);
  };

  return {
    take(reading) {
      if (reading.grade === 'unusable' || reading.value === undefined) {
        if (unusable === undefined || reading.measuredMs >= unusable.measuredMs) unusable = reading;
        return;
      }
      const { observation, measuredMs, value, grade } = reading;
      const entry = { observation, measuredMs, value, grade, number: Number(value) };
      const last = samples.at(-1);
      if (last === undefined || last.measuredMs <= measuredMs) samples.push(entry);
      else samples.splice(samples.findLastIndex((sample) => sample.measuredMs <= measuredMs) + 1, 0, entry);
      const list = byValue[grade];
      const place = placeOf(list, entry);
      list.samples.splice(place, 0, entry);
      list.numbers.splice(place, 0, entry.number);
      const newest = samples.at(-1)?.measuredMs ?? 0;
      const firstKept = samples.findIndex((sample) => sample.measuredMs >= newest - windowMs);
      const over = Math.max(firstKept, samples.length - mostSamples);
      for (let i = 0; i < over; i += 1) {
        const old = samples[i];
        if (old !== undefined) drop(old);
      }
      if (over > 0) samples.splice(0, over);
    },

    read(nowMs) {
      const newest = samples.at(-1);
      if (newest === undefined || nowMs - newest.measuredMs >= staleMs)
        return missing(nowMs, newest, unusable, staleMs);
      const lastGood = samples.findLast(({ grade }) => grade === 'good');
      const isGood = lastGood !== undefined && nowMs - lastGood.measuredMs < staleMs;
      const inWindow = byValue[isGood ? 'good' : 'suspect'].samples;
      const median = inWindow[Math.floor((inWindow.length - 1) / 2)] ?? newest;
      return {
        known: true,
        value: median.value,
        observation: median.observation,
        ageMs: Math.max(0, nowMs - newest.measuredMs),
      };
    },
  };
}

/** Where it belongs behind all that are not greater: by value, then by time. */
function placeOf({ samples, numbers }: Sorted, { number, measuredMs }: Sample): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = numbers[middle] ?? Number.POSITIVE_INFINITY;
    const isGreater = other > number || (other === number && (samples[middle]?.measuredMs ?? 0) > measuredMs);
    if (isGreater) high = middle;
    else low = middle + 1;
  }
  return low;
}

function missing(
  nowMs: number,
  last: Sample | undefined,
  unusable: SignalReading | undefined,
  staleMs: number,
): News2Input<string> {
  const recent =
    unusable !== undefined && nowMs - unusable.measuredMs < staleMs ? (unusable.why ?? 'implausible') : undefined;
  if (last === undefined) return { known: false, why: recent ?? 'not-measured' };
  return { known: false, why: recent ?? 'stale', lastValue: last.value, ageMs: Math.max(0, nowMs - last.measuredMs) };
}
