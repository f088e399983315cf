import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { patientCharacter } from './patient/patient-character.js';
import { planStory, usualRates } from './patient/story-schedule.js';
import { storyNames, type StoryName } from './patient/story.js';
import { createWardPatient, type WardSecond } from './patient/ward-patient.js';
import { usualLimits, type TrueDevice } from './truth/truth-keeper.js';
import type { TruthEvent } from './truth/truth-event.js';
import { createVirtualPatients, virtualWard } from './virtual-ward.js';

const quiet = Object.fromEntries(storyNames.map((name) => [name, 0])) as Readonly<Record<StoryName, number>>;

/** Of seed 7, without a lung disease. */
const typical = [1, 2, 3, 4, 5].find((number) => patientCharacter(7, number).scale === 1) ?? 0;

/** One patient with one story after a minute. */
function live(name: StoryName, seconds: number, course = {}, number = typical): readonly WardSecond[] {
  const stories = [planStory('bed/01/1', name, 60, course)];
  const patient = createWardPatient({ seed: 7, number, dtS: 1, startHour: 14, stories });
  return Array.from({ length: seconds }, (_, second) => patient.step(second * 1_000));
}
const truthOf = (seconds: readonly WardSecond[]): readonly TruthEvent[] => seconds.flatMap(({ truth }) => truth);
const held = (seconds: readonly WardSecond[]) =>
  truthOf(seconds).flatMap((event) => (event.kind === 'crossing-held' ? [event] : []));

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (x: readonly number[]): number => x.reduce((sum, value) => sum + value, 0) / x.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (x: readonly number[], mx: number, y: readonly number[], my: number): number =>
    x.reduce((total, value, index) => total + (value - mx) * ((y[index] ?? 0) - my), 0);
  return sum(a, ma, b, mb) / Math.sqrt(sum(a, ma, a, ma) * sum(b, mb, b, mb));
}

describe('a rendered ward in virtual time', () => {
  it('is the same for the same seed whoever reads it, and another for another seed', async () => {
    const digest = async (seed: number): Promise<string> => {
      const hash = createHash('sha256');
      for await (const row of virtualWard({ seed, patients: 2, hours: 0.1, rates: { ...usualRates, hypoxia: 200 } }))
        hash.update(JSON.stringify(row));
      return hash.digest('hex');
    };
    expect(await digest(7)).toBe(await digest(7));
    expect(await digest(8)).not.toBe(await digest(7));
    const [both, alone] = [
      createVirtualPatients({ seed: 7, patients: 3, hours: 1 })[2],
      createVirtualPatients({ seed: 7, patients: 1, from: 3, hours: 1 })[0],
    ];
    expect(both?.step(0)).toEqual(alone?.step(0));
  });

  it('has values of a general ward without stories, and fever, effort and hours drive the pulse', () => {
    const patients = createVirtualPatients({ seed: 3, patients: 24, hours: 24, rates: quiet, startMs: 12 * 3_600_000 });
    const rows = patients.flatMap((patient) => Array.from({ length: 600 }, (_, s) => patient.step(s * 1_000)));
    const strange = rows.filter(({ vitals, pulse, spo2, respiration }) => {
      const { temperature, systolic, diastolic } = vitals;
      const body =
        vitals.pulse > 40 &&
        vitals.pulse < 135 &&
        vitals.spo2 > 80 &&
        vitals.spo2 <= 100 &&
        vitals.respiration > 8 &&
        vitals.respiration < 26 &&
        systolic > 85 &&
        systolic < 200 &&
        diastolic < systolic &&
        temperature > 35.5 &&
        temperature < 38;
      const whole = [pulse, spo2, respiration].every(
        ({ v, q }) => (v === null || Number.isInteger(v)) && q >= 0 && q <= 100,
      );
      return !body || !whole;
    });
    expect(strange).toEqual([]);
    const walking = rows.filter(({ activity }) => activity.effort === 1);
    const mean = (of: readonly WardSecond[]): number => of.reduce((s, { vitals }) => s + vitals.pulse, 0) / of.length;
    expect(walking.length).toBeGreaterThan(100);
    expect(mean(walking)).toBeGreaterThan(mean(rows) + 6);
    // Of each patient's own resting values: people differ more than hours do.
    const resting = new Map(patients.map(({ character }) => [character.bed, character.resting]));
    const beyond = (of: 'pulse' | 'respiration'): readonly number[] =>
      rows.map(({ bed, vitals }) => vitals[of] - (resting.get(bed)?.[of] ?? 0));
    expect(correlation(beyond('pulse'), beyond('respiration'))).toBeGreaterThan(0.4);
    const night = createVirtualPatients({ seed: 3, patients: 24, hours: 24, rates: quiet, startMs: 3 * 3_600_000 });
    expect(mean(rows)).toBeGreaterThan(mean(night.map((patient) => patient.step(0))) + 3);
    // A measured value stays near the truth where the quality is good and nobody moves.
    const still = rows.filter(({ activity, spo2 }) => activity.motionG < 0.05 && spo2.q >= 70);
    const errors = still.map(({ vitals, spo2 }) => (spo2.v ?? 0) - vitals.spo2);
    const rms = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
    expect(rms).toBeGreaterThan(0.3);
    expect(rms).toBeLessThan(2);
  });

  it('has lower quality and false low readings while somebody walks', () => {
    const patients = createVirtualPatients({ seed: 5, patients: 10, hours: 1, rates: quiet, startMs: 12 * 3_600_000 });
    const rows = patients.flatMap((patient) => {
      patient.tell('out-of-range', { holdS: 300 });
      return Array.from({ length: 300 }, (_, s) => patient.step(s * 1_000));
    });
    const walking = rows.filter(({ activity }) => activity.state === 'walking');
    const wrong = walking.filter(({ vitals, spo2 }) => spo2.v !== null && spo2.v < vitals.spo2 - 4);
    expect(wrong.length).toBeGreaterThan(20);
    expect(wrong.filter(({ spo2 }) => spo2.q < 40).length).toBeGreaterThan(wrong.length / 2);
    expect(wrong.some(({ spo2 }) => spo2.q >= 40)).toBe(true);
    expect(walking.filter(({ inRange }) => !inRange).length).toBeGreaterThan(walking.length / 2);
  });
});

describe('stories and their truth', () => {
  it.each([
    ['hypoxia', 1_200, {}, ['spo2-low', 'spo2-very-low']],
    ['atrial-fibrillation', 600, {}, ['pulse-high']],
    ['bradycardia', 600, {}, ['pulse-low']],
    ['opioid', 2_400, {}, ['respiration-low', 'spo2-low', 'news2-medium']],
    ['sepsis', 3_600, { riseS: 1_200, holdS: 1_200, fallS: 600 }, ['respiration-high', 'news2-medium', 'news2-high']],
    ['fall', 300, {}, ['fall']],
    ['probe-off', 600, {}, ['lead-off']],
    ['flat-battery', 3_600, {}, ['battery-low', 'battery-critical', 'device-link-lost']],
    ['out-of-range', 900, {}, ['device-link-lost']],
  ] as const)('%s crosses the limits that it is told for', (name, seconds, course, conditions) => {
    const events = held(live(name, seconds, course));
    for (const condition of conditions)
      expect(events.filter((event) => event.condition === condition)[0]).toMatchObject({ story: 'bed/01/1' });
  });

  it('tells crossings that follow from the values without noise, second by second', () => {
    const seconds = live('hypoxia', 1_500, { riseS: 60, holdS: 120, fallS: 60 });
    const device: TrueDevice = { lead: 'on', batteryPercent: 90, reachable: true, fell: false };
    for (const { condition, limit, side, delayMs, value } of usualLimits({ scale: 1 }).slice(0, 6)) {
      const news2 = { total: 0, most: 0 };
      const beyond = seconds.map(({ vitals }) =>
        side === '<' ? value(vitals, device, news2) < limit : value(vitals, device, news2) > limit,
      );
      const began = truthOf(seconds).filter((e) => e.kind === 'crossing-began' && e.condition === condition);
      if (!beyond.includes(true)) {
        expect(began).toEqual([]);
        continue;
      }
      expect(began[0]?.atMs).toBe(beyond.indexOf(true) * 1_000);
      const firstHeld = seconds.findIndex(
        (_, s) => s * 1_000 >= delayMs && beyond.slice(s - delayMs / 1_000, s + 1).every(Boolean),
      );
      const wanted = firstHeld < 0 ? undefined : firstHeld * 1_000;
      expect(held(seconds).find((e) => e.condition === condition)?.atMs).toBe(wanted);
      const ended = truthOf(seconds).findLast((e) => e.kind === 'crossing-ended' && e.condition === condition);
      expect(ended?.atMs).toBe((beyond.lastIndexOf(true) + 1) * 1_000);
    }
    expect(held(seconds).find(({ condition }) => condition === 'spo2-low')).toMatchObject({
      condition: 'spo2-low',
      delayMs: 15_000,
      bed: `bed/0${typical}`,
      device: `w-000${typical}`,
    });
  });

  it('gives no values with the probe off, none at all with a flat battery, and a shock and stillness after a fall', () => {
    const off = live('probe-off', 120).slice(70, 110);
    expect(
      off.every(({ pulse, spo2, lead }) => pulse.v === null && spo2.status.includes('lead-off') && lead === 'off'),
    ).toBe(true);
    const flat = live('flat-battery', 4_000, { riseS: 1_000 });
    expect(flat.filter(({ batteryPercent }) => batteryPercent === 0).length).toBeGreaterThan(100);
    expect(flat[3_999]?.batteryPercent).toBeGreaterThan(90);
    const fall = live('fall', 100);
    expect(fall.filter(({ activity }) => activity.peakG > 2.5).map(({ atMs }) => atMs)).toEqual([60_000]);
    expect(fall.slice(62, 95).every(({ activity }) => activity.motionG < 0.1)).toBe(true);
  });

  it('ends at once when it is mended', () => {
    const patient = createWardPatient({ seed: 7, number: typical, dtS: 1, startHour: 14, stories: [] });
    patient.tell('hypoxia', { riseS: 0, holdS: 600 });
    const during = Array.from({ length: 30 }, (_, s) => patient.step(s * 1_000)).at(-1);
    patient.mend();
    const after = Array.from({ length: 30 }, (_, s) => patient.step(30_000 + s * 1_000));
    expect(during?.vitals.spo2).toBeLessThan(85);
    expect(after.at(-1)?.vitals.spo2).toBeGreaterThan(92);
    expect(truthOf(after).map(({ kind }) => kind)).toContain('story-ended');
  });
});
