import type { Random } from '@edge-blueprints/contracts';
import type { PatientCharacter } from '../patient/patient-character.js';

export interface Battery {
  /** @param drainS a flat battery's story: empty after so many seconds from full @returns whole percent, 0 when it is off */
  step(drainS?: number): number;
  /** A nurse puts in a charged one. */
  change(): void;
}

/** Discharges evenly; a nurse changes it 10 to 60 min after 20 %, when no story keeps her from it. */
export function createBattery(character: PatientCharacter, random: Random, dtS: number): Battery {
  let percent = character.battery.startPercent;
  const perStep = (100 * dtS) / (character.battery.lifeHours * 3_600);
  let changeInS: number | undefined;
  const change = (): void => {
    percent = 100;
    changeInS = undefined;
  };
  return {
    step(drainS) {
      percent -= drainS === undefined ? perStep : (100 * dtS) / Math.max(1, drainS);
      if (drainS !== undefined) changeInS = undefined;
      else if (percent < 20) {
        changeInS ??= 600 + 3_000 * random.next();
        changeInS -= dtS;
        if (changeInS <= 0) change();
      }
      return Math.max(0, Math.ceil(percent));
    },
    change,
  };
}
