import { createWardPatient, type WardPatient } from '@edge-blueprints/rigs';
import { expect, it } from 'vitest';
import { asSet } from './study-settings.js';
import { runWard } from './study-ward.js';

const seed = 7;
const number = 3;
const settledS = 60;
const lookedAtS = 150;

/** Bed 03 of the rig, which has lived for so many seconds; the arrhythmia begins `fibrillateAtS` later. */
function patientAfter(livedS: number, fibrillateAtS = Number.POSITIVE_INFINITY): WardPatient {
  const patient = createWardPatient({ seed, number, dtS: 1, startHour: 8, stories: [] });
  for (let second = livedS; second > 0; second -= 1) patient.step(-1_000 * second);
  let second = 0;
  return {
    ...patient,
    step(atMs) {
      second += 1;
      if (second === fibrillateAtS) patient.tell('atrial-fibrillation');
      return patient.step(atMs);
    },
  };
}

/** How long the patient walks from the beginning on. */
function walkS(): number {
  const patient = patientAfter(0);
  let second = 0;
  // In the first second of life it sets out.
  do second += 1;
  while (patient.step(second * 1_000).activity.state === 'walking');
  return second - 1;
}

it('alarms on an atrial fibrillation that begins on a walk, while the patient still walks', async () => {
  const begins = [70, 250, 430, 520];
  expect(walkS()).toBeGreaterThan(Math.max(...begins) + lookedAtS);
  const delaysS: number[] = [];
  for (const beginS of begins) {
    const patients = [patientAfter(beginS - settledS, settledS)];
    const hours = (settledS + lookedAtS) / 3_600;
    const { heard } = await runWard({ seed, patients, hours, settings: [asSet], hz: 10 });
    const alarm = heard[0]?.find(({ condition }) => condition === 'pulse-high');
    delaysS.push(alarm === undefined ? Number.POSITIVE_INFINITY : alarm.startMs / 1_000 - settledS);
  }
  expect(Math.max(...delaysS)).toBeLessThan(lookedAtS);
  // Steps that the sensor takes for the pulse cross back below the limit: `watch.forgivenMs` keeps them from beginning the wait anew.
  expect(delaysS.filter((one) => one < 60).length).toBeGreaterThanOrEqual(3);
});
