import { z } from 'zod';

export const motionSettingsSchema = z.strictObject({
  /** Standard deviation of the acceleration's magnitude over one batch, in g. */
  movingG: z.number().positive().default(0.05),
  /** A patient counts as moving for so long after the last batch that moved. */
  holdMs: z.int().min(0).default(10_000),
  impactG: z.number().positive().default(2.5),
  /** The body comes to rest after a fall. */
  settleMs: z.int().min(0).default(2_000),
  stillG: z.number().positive().default(0.1),
  stillMs: z.int().min(1_000).default(30_000),
});
export type MotionSettings = Readonly<z.infer<typeof motionSettingsSchema>>;

export interface MotionSignal {
  /** @param xyzG x y z by turns in g @param endMs when its last sample was taken @returns the fall that this batch completes */
  take(
    xyzG: Float32Array,
    hz: number,
    endMs: number,
  ): { readonly impactMs: number; readonly peakG: number } | undefined;
  moving(nowMs: number): boolean;
  /** Standard deviation of the last batch, in g; undefined before the first. */
  readonly indexG: number | undefined;
}

/** Motion index, and falls: a shock and then stillness. Whoever gets up or is helped within the time did not fall in this sense. */
export function createMotionSignal(settings: MotionSettings): MotionSignal {
  let indexG: number | undefined;
  let movedMs: number | undefined;
  let impact: { readonly atMs: number; readonly peakG: number; stillMs: number } | undefined;
  return {
    take(xyzG, hz, endMs) {
      const count = Math.floor(xyzG.length / 3);
      if (count === 0) return undefined;
      const magnitudes = magnitudesOf(xyzG, count);
      const deviation = standardDeviation(magnitudes);
      indexG = deviation;
      if (deviation >= settings.movingG) movedMs = endMs;
      let peakG = 0;
      for (const one of magnitudes) if (one > peakG) peakG = one;
      if (peakG > settings.impactG) {
        const at = magnitudes.indexOf(peakG);
        impact = { atMs: Math.round(endMs - ((count - 1 - at) * 1_000) / hz), peakG, stillMs: 0 };
        return undefined;
      }
      if (impact === undefined || endMs - impact.atMs <= settings.settleMs) return undefined;
      if (deviation >= settings.stillG) {
        impact = undefined;
        return undefined;
      }
      impact.stillMs += (count * 1_000) / hz;
      if (impact.stillMs < settings.stillMs) return undefined;
      const fall = { impactMs: impact.atMs, peakG: impact.peakG };
      impact = undefined;
      return fall;
    },
    moving: (nowMs) => movedMs !== undefined && nowMs - movedMs <= settings.holdMs,
    get indexG() {
      return indexG;
    },
  };
}

function magnitudesOf(xyzG: Float32Array, count: number): Float64Array {
  const magnitudes = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    const x = xyzG[3 * i] ?? 0;
    const y = xyzG[3 * i + 1] ?? 0;
    const z = xyzG[3 * i + 2] ?? 0;
    // Not Math.hypot: these never overflow, and it is many times slower.
    magnitudes[i] = Math.sqrt(x * x + y * y + z * z);
  }
  return magnitudes;
}

function standardDeviation(values: Float64Array): number {
  let sum = 0;
  for (const one of values) sum += one;
  const mean = sum / values.length;
  let squares = 0;
  for (const one of values) squares += (one - mean) ** 2;
  return Math.sqrt(squares / values.length);
}
