import { DeviceError } from '@edge-blueprints/contracts';
import type { VitalsSource } from '../patient/true-vitals.js';

/** Last column of a CSV file with or without a heading. @throws DeviceError `rig.pulse-format` */
export function readSignal(text: string, file: string): Float64Array {
  const values: number[] = [];
  const wrong: number[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const written = line.slice(line.lastIndexOf(',') + 1).trim();
    if (written === '') continue;
    // A gap of the recording: the signal stands still, so that no beat is found in it.
    const value =
      written === '""' || written.toLowerCase() === 'nan' ? (values[values.length - 1] ?? 0) : Number(written);
    if (Number.isFinite(value)) values.push(value);
    else if (index > 0) wrong.push(index + 1);
  }
  if (wrong.length > 0 || values.length < 2)
    throw new DeviceError(
      'rig.pulse-format',
      `${file}: ${values.length} numbers, and no number in ${wrong.length} lines (${wrong.slice(0, 5).join(', ')}); the last column must be the signal`,
    );
  return Float64Array.from(values);
}

/**
 * Places of the beats in a photoplethysmogram: peaks of the signal, smoothed over 0.1 s, where it stands more than 1.1 standard
 * deviations above its own average over 1.5 s; no two within 0.3 s. Simple on purpose, and blind in motion.
 * @param hz samples a second
 * @returns sample numbers
 */
export function findBeats(signal: Float64Array, hz: number): readonly number[] {
  const smooth = movingAverage(signal, Math.round(0.05 * hz));
  const half = Math.round(0.75 * hz);
  const mean = movingAverage(smooth, half);
  const spread = movingAverage(
    smooth.map((value, index) => (value - (mean[index] ?? 0)) ** 2),
    half,
  );
  const beats: number[] = [];
  let peak = -1;
  for (let i = 0; i <= smooth.length; i++) {
    const above = (smooth[i] ?? -Infinity) > (mean[i] ?? 0) + 1.1 * Math.sqrt(spread[i] ?? 0);
    if (above) {
      if (peak < 0 || (smooth[i] ?? 0) > (smooth[peak] ?? 0)) peak = i;
      continue;
    }
    if (peak < 0) continue;
    const last = beats[beats.length - 1];
    if (last === undefined || peak - last >= 0.3 * hz) beats.push(peak);
    else if ((smooth[peak] ?? 0) > (smooth[last] ?? 0)) beats[beats.length - 1] = peak;
    peak = -1;
  }
  return beats;
}

/**
 * Pulse at each whole second, from the median interval of the last 8 s; null where there are fewer than 4 intervals or where a
 * third of them is more than a quarter off the median, as in motion.
 */
export function pulseRates(signal: Float64Array, hz: number): readonly (number | null)[] {
  const beats = findBeats(signal, hz).map((at) => at / hz);
  return Array.from({ length: Math.floor(signal.length / hz) }, (_, second) => {
    const recent = beats.filter((atS) => atS <= second && atS > second - 8);
    const intervals = recent.slice(1).map((atS, index) => atS - (recent[index] ?? atS));
    const sorted = intervals.toSorted((a, b) => a - b);
    const median = sorted[sorted.length >> 1];
    if (median === undefined || intervals.length < 4) return null;
    const odd = intervals.filter((interval) => Math.abs(interval - median) > 0.25 * median).length;
    return odd * 3 > intervals.length ? null : 60 / median;
  });
}

function movingAverage(signal: Float64Array, half: number): Float64Array {
  const sums = new Float64Array(signal.length + 1);
  for (let i = 0; i < signal.length; i++) sums[i + 1] = (sums[i] ?? 0) + (signal[i] ?? 0);
  return signal.map((_, i) => {
    const from = Math.max(0, i - half);
    const to = Math.min(signal.length, i + half + 1);
    return ((sums[to] ?? 0) - (sums[from] ?? 0)) / (to - from);
  });
}

/** The recorded pulse, over and over; where the recording shows none, its last value. */
export function withRecordedPulse(rates: readonly (number | null)[], rendered: VitalsSource): VitalsSource {
  let last = rates.find((rate) => rate !== null) ?? undefined;
  return {
    step(atS, hour, activity, stories) {
      const vitals = rendered.step(atS, hour, activity, stories);
      last = rates[Math.floor(atS) % Math.max(1, rates.length)] ?? last;
      return last === undefined ? vitals : { ...vitals, pulse: last };
    },
  };
}
