import { UsageError } from '@edge-blueprints/contracts';
import { planStory, scheduleStories, usualRates } from './patient/story-schedule.js';
import { storyNames, type Story } from './patient/story.js';
import type { PatientCharacter } from './patient/patient-character.js';

/**
 * Which stories happen to whom: `none`; `usual`, as often as on a ward; or `NUMBER:STORY@SECONDS` separated by commas, seconds of
 * the patient's life after the start.
 * @throws UsageError `rig.ward-stories` that names every entry it does not understand
 */
export function readStories(
  text: string,
  seed: number,
  hours: number,
): (character: PatientCharacter) => readonly Story[] {
  if (text === 'none') return () => [];
  if (text === 'usual') return ({ number, bed }) => scheduleStories({ seed, number, bed, hours, rates: usualRates });
  const wrong: string[] = [];
  const told = text.split(',').flatMap((entry) => {
    const [, number, word, at] = /^(\d+):([a-z-]+)@(\d+)$/.exec(entry.trim()) ?? [];
    const name = storyNames.find((known) => known === word);
    if (number === undefined || at === undefined || name === undefined) {
      wrong.push(entry.trim());
      return [];
    }
    return [{ number: Number(number), name, beginS: Number(at) }];
  });
  if (wrong.length > 0)
    throw new UsageError(
      'rig.ward-stories',
      `not understood in the stories: ${wrong.join(', ')}; write none, usual, or entries like 7:hypoxia@30 with one of ${storyNames.join(', ')}`,
    );
  return ({ number, bed }) =>
    told
      .filter((story) => story.number === number)
      .sort((a, b) => a.beginS - b.beginS)
      .map(({ name, beginS }, index) => planStory(`${bed}/${index + 1}`, name, beginS));
}
