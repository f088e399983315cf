import type { Random } from '@edge-blueprints/contracts';
import type { Activity, Posture } from '../patient/activity.js';
import type { PatientCharacter } from '../patient/patient-character.js';

/** Of a chest sensor: x to the patient's left, y to the head, z out of the chest. Specific force at rest, in g. */
const gravity: Readonly<Record<Posture, readonly [number, number, number]>> = {
  back: [0, 0.1, 0.995],
  left: [-0.97, 0.1, 0.22],
  right: [0.97, 0.1, 0.22],
  sitting: [0, 0.87, 0.49],
  upright: [0, 0.995, 0.1],
  floor: [0.62, -0.05, -0.78],
};

/** Full scale of 16 g in an int16: metres per second squared for one count. */
export const accelerationScale = (16 * 9.80665) / 32_768;
const countsPerG = 32_768 / 16;
/** Shape of the shock of a fall in shares of its peak, sample by sample; even at 25 Hz one sample sees the peak. */
const shock = [0.45, 1, 0.55, 0.2] as const;

/**
 * Acceleration of one second as int16 triplets: gravity in the patient's posture, a turn of it when the posture changes, steps at
 * the patient's pace with the second harmonic upwards and half of it sideways, breathing, tremor at 5 Hz, sensor noise, and
 * a fall: less than a third of the weight for 0.3 s, a shock, stillness. Amplitudes are chosen.
 */
export function createAcceleration(
  character: PatientCharacter,
  random: Random,
  hz: number,
): (activity: Activity, breathsPerMinute: number) => Int16Array {
  let atS = 0;
  return (activity, breathsPerMinute) => {
    const xyz = new Int16Array(3 * hz);
    const from = gravity[activity.before];
    const to = gravity[activity.posture];
    const falling = activity.state === 'falling';
    const shockAt = Math.round(0.65 * hz);
    for (let i = 0; i < hz; i++) {
      const share = falling ? (i < shockAt ? 0 : 1) : Math.min(1, (i + 1) / hz);
      let x = from[0] + (to[0] - from[0]) * share;
      let y = from[1] + (to[1] - from[1]) * share;
      let z = from[2] + (to[2] - from[2]) * share;
      let weight = 1 / Math.max(0.05, Math.hypot(x, y, z));
      if (falling) {
        if (i >= 0.35 * hz && i < shockAt) weight *= 0.25;
        const hit = shock[i - shockAt];
        if (hit !== undefined) weight *= Math.max(1, hit * activity.peakG);
      }
      x *= weight;
      y *= weight;
      z *= weight;
      const t = atS + i / hz;
      if (activity.state === 'walking') {
        const phase = 2 * Math.PI * character.stepsHz * t;
        y += activity.motionG * (1.1 * Math.sin(phase) + 0.4 * Math.sin(2 * phase));
        z += activity.motionG * 0.5 * Math.sin(phase + 0.8);
        x += activity.motionG * 0.4 * Math.sin(phase / 2);
      } else if (!falling) {
        const jerk = activity.motionG * 0.7;
        x += jerk * random.normal();
        y += jerk * 0.6 * random.normal();
        z += jerk * 0.6 * random.normal();
      }
      z += 0.003 * Math.sin((2 * Math.PI * breathsPerMinute * t) / 60);
      x += character.tremorG * Math.sin(2 * Math.PI * 5 * t) + 0.002 * random.normal();
      xyz[3 * i] = counts(x);
      xyz[3 * i + 1] = counts(y);
      xyz[3 * i + 2] = counts(z);
    }
    atS += 1;
    return xyz;
  };
}

const counts = (g: number): number => Math.max(-32_768, Math.min(32_767, Math.round(g * countsPerG)));
