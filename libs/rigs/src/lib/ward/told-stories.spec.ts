import { expect, it } from 'vitest';
import { patientCharacter } from './patient/patient-character.js';
import { scheduleStories, usualRates } from './patient/story-schedule.js';
import { storyOverS } from './patient/story.js';
import { readStories } from './told-stories.js';

const of = (number: number) => patientCharacter(7, number);

it('tells the stories of a patient in their order, none to the others, and names every entry that it cannot read', () => {
  const stories = readStories('7:fall@900, 7:hypoxia@30,3:sepsis@0', 7, 12);
  expect(stories(of(7)).map(({ id, name, beginS }) => [id, name, beginS])).toEqual([
    ['bed/07/1', 'hypoxia', 30],
    ['bed/07/2', 'fall', 900],
  ]);
  expect(stories(of(1))).toEqual([]);
  expect(readStories('none', 7, 12)(of(7))).toEqual([]);
  expect(() => readStories('7:flu@30,x,3:fall@1', 7, 12)).toThrow(/7:flu@30, x;.*hypoxia/);
});

it('plans the usual stories one after the other, about as often as the rates say', () => {
  const hours = 24 * 7;
  const plans = Array.from({ length: 200 }, (_, index) =>
    scheduleStories({ seed: 7, number: index + 1, bed: of(index + 1).bed, hours, rates: usualRates }),
  );
  for (const plan of plans)
    for (const [index, story] of plan.entries())
      expect(story.beginS).toBeGreaterThan(index === 0 ? 0 : storyOverS(plan[index - 1] ?? story));
  const clinical = plans
    .flat()
    .filter(({ name }) => ['sepsis', 'hypoxia', 'bradycardia', 'opioid', 'atrial-fibrillation'].includes(name));
  const wanted = 200 * 7 * (0.012 + 0.035 + 0.02 + 0.012 + 0.015);
  // Three standard deviations of a Poisson count, and what the pauses between stories take away.
  expect(clinical.length).toBeGreaterThan(wanted * 0.93 - 3 * Math.sqrt(wanted));
  expect(clinical.length).toBeLessThan(wanted + 3 * Math.sqrt(wanted));
});
