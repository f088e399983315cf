import { expect, it } from 'vitest';
import { asSet, bare, withDelays } from './study-settings.js';
import { studyFigures } from './study-figures.js';
import { everydayPatients, patientsWith } from './study-patients.js';
import { runWard } from './study-ward.js';

const seed = 31;

it('alarms on every event with few alarms, on an everyday ward with hardly any, and the same each time', async () => {
  const settings = [asSet, withDelays(0), bare];
  const events = (story: 'hypoxia' | 'atrial-fibrillation' | 'bradycardia' | 'opioid' | 'fall') =>
    runWard({ seed, patients: patientsWith(story, seed, 1), hours: 0.7, settings });
  const eventful = [
    await events('hypoxia'),
    await events('atrial-fibrillation'),
    await events('bradycardia'),
    await events('opioid'),
    await events('fall'),
  ];
  const everyday = [await runWard({ seed, patients: everydayPatients(seed, 6, 1), hours: 1, settings })];
  const [own, undelayed, raw] = settings.map(({ name }, index) => studyFigures(name, index, everyday, eventful));
  expect(own?.sensitivity).toMatchObject({ of: own?.sensitivity.detected });
  expect(own?.sensitivity.of).toBeGreaterThanOrEqual(4);
  for (const story of Object.values(own?.stories ?? {})) expect(story.delay?.maxS ?? 0).toBeLessThan(120);
  // A quarter of a patient-day: one alarm is chance, more are a fault.
  expect(own?.load.alarms).toBeLessThanOrEqual(1);
  // What waiting and smoothing are for.
  expect(undelayed?.load.alarms ?? 0).toBeGreaterThanOrEqual(own?.load.alarms ?? 0);
  expect(raw?.load.alarms ?? 0).toBeGreaterThan(own?.load.alarms ?? 0);
  expect(eventful.every(({ refused }) => refused === 0)).toBe(true);

  const again = await events('fall');
  expect(again.heard).toEqual(eventful[4]?.heard);
}, 600_000);
