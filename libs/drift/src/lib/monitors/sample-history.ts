/** Windows of samples that are kept: the one under test, those before it for the moment of change, and room for a late evaluation. */
const windowsKept = 4;

/** The newest samples of one feature in fixed memory, cut into windows that do not overlap. */
export interface SampleHistory {
  /** Allocates nothing. With a stride s only each s-th sample is kept. */
  add(value: number, atMs: number, resultId: string): void;
  /** True when a window is complete and was not taken yet. */
  readonly due: boolean;
  /** Samples of the window that is being filled. */
  readonly filled: number;
  /** Windows that were overwritten before they were taken. */
  readonly windowsMissed: number;
  /** The newest complete window, oldest sample first, or undefined; the array is reused. */
  takeWindow(): Float64Array | undefined;
  /** Samples kept up to the end of the window last taken. */
  readonly length: number;
  /** 0 is the oldest that is kept; `length - 1` the end of the window last taken. */
  valueAt(index: number): number;
  timeAt(index: number): number;
  idAt(index: number): string;
}

export function createSampleHistory(windowSamples: number, stride: number): SampleHistory {
  const capacity = windowSamples * windowsKept;
  const values = new Float64Array(capacity);
  const times = new Float64Array(capacity);
  const ids = new Array<string>(capacity).fill('');
  const scratch = new Float64Array(windowSamples);
  let seen = 0;
  let kept = 0;
  /** Number of samples up to the end of the window last taken. */
  let taken = 0;
  let windowsMissed = 0;
  const oldest = (): number => Math.max(0, kept - capacity);
  const place = (index: number): number => (oldest() + index) % capacity;
  return {
    add(value, atMs, resultId) {
      if (seen++ % stride !== 0) return;
      const at = kept % capacity;
      values[at] = value;
      times[at] = atMs;
      ids[at] = resultId;
      kept += 1;
    },
    get due() {
      return kept - taken >= windowSamples;
    },
    get filled() {
      return Math.min(windowSamples, kept - taken);
    },
    get windowsMissed() {
      return windowsMissed;
    },
    takeWindow() {
      const complete = Math.floor((kept - taken) / windowSamples);
      if (complete === 0) return undefined;
      // Late: the windows between are still counted, but the newest one says most.
      windowsMissed += complete - 1;
      taken += complete * windowSamples;
      for (let i = 0; i < windowSamples; i++) scratch[i] = values[(taken - windowSamples + i) % capacity] ?? 0;
      return scratch;
    },
    get length() {
      return Math.max(0, taken - oldest());
    },
    valueAt: (index) => values[place(index)] ?? Number.NaN,
    timeAt: (index) => times[place(index)] ?? Number.NaN,
    idAt: (index) => ids[place(index)] ?? '',
  };
}
