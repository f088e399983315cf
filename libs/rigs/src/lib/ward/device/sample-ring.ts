import type { WearableChannel } from '@edge-blueprints/contracts';

/** A sample as it goes on the wire, unchanged however often it is sent. */
export interface KeptSample {
  readonly seq: number;
  readonly channel: WearableChannel;
  readonly payload: string;
  /** Clock of the process, which never jumps. */
  readonly madeMs: number;
}

export interface RingCounts {
  readonly made: number;
  readonly sends: number;
  readonly acknowledged: number;
  /** Too old or too many before the broker had them: lost for good, and known to be. */
  readonly dropped: number;
  readonly waiting: number;
}

/** What a wearable keeps until the broker has it. */
export interface SampleRing {
  add(sample: KeptSample): void;
  /** Next one that is not on the way, the oldest first; it is on the way from now on. */
  next(): KeptSample | undefined;
  /** The same for one of them. @returns false when it is on the way already, or gone */
  take(seq: number): boolean;
  acknowledge(seq: number): void;
  /** It may not have arrived; it waits again. */
  giveBack(seq: number): void;
  /** Forgets everything, as a device without power does, and counts it as dropped. */
  lose(): void;
  counts(): RingCounts;
}

export interface RingLimits {
  readonly maxAgeMs: number;
  readonly maxSamples: number;
}

/** A quarter of an hour of four samples a second. */
export const ringLimits: RingLimits = { maxAgeMs: 900_000, maxSamples: 3_600 };

export function createSampleRing(limits: RingLimits = ringLimits): SampleRing {
  const kept = new Map<number, KeptSample>();
  const onTheWay = new Set<number>();
  const counts = { made: 0, sends: 0, acknowledged: 0, dropped: 0 };
  const forget = (seq: number): void => {
    kept.delete(seq);
    onTheWay.delete(seq);
  };
  const take = (seq: number): boolean => {
    if (!kept.has(seq) || onTheWay.has(seq)) return false;
    onTheWay.add(seq);
    counts.sends += 1;
    return true;
  };
  return {
    add(sample) {
      counts.made += 1;
      kept.set(sample.seq, sample);
      for (const oldest of kept.values()) {
        if (kept.size <= limits.maxSamples && sample.madeMs - oldest.madeMs <= limits.maxAgeMs) return;
        forget(oldest.seq);
        counts.dropped += 1;
      }
    },
    next() {
      for (const sample of kept.values()) if (take(sample.seq)) return sample;
      return undefined;
    },
    take,
    acknowledge(seq) {
      if (!kept.has(seq)) return;
      counts.acknowledged += 1;
      forget(seq);
    },
    giveBack: (seq) => void onTheWay.delete(seq),
    lose() {
      counts.dropped += kept.size;
      kept.clear();
      onTheWay.clear();
    },
    counts: () => ({ ...counts, waiting: kept.size }),
  };
}
