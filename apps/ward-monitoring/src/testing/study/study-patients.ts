import { createRandom } from '@edge-blueprints/contracts';
import {
  createWardPatient,
  patientCharacter,
  scheduleStories,
  storyNames,
  usualRates,
  type Story,
  type StoryName,
  type WardPatient,
} from '@edge-blueprints/rigs';

/** Stories of the body, as often among each other as in life. */
export const clinicalStories = ['sepsis', 'hypoxia', 'atrial-fibrillation', 'bradycardia', 'opioid', 'fall'] as const;
type ClinicalStory = (typeof clinicalStories)[number];

/** Patients with stories as often as in life. They begin at hours all around the clock, so that a study of some hours is no night. */
export function everydayPatients(seed: number, patients: number, hours: number): readonly WardPatient[] {
  return Array.from({ length: patients }, (_, index) => {
    const number = index + 1;
    const { bed } = patientCharacter(seed, number);
    const stories = scheduleStories({ seed, number, bed, hours, rates: usualRates });
    return createWardPatient({ seed, number, dtS: 1, startHour: (24 * index) / patients, stories });
  });
}

/** People of these wards are others than those of the everyday one. */
const firstOf = (story: ClinicalStory): number => 1_001 + 1_000 * clinicalStories.indexOf(story);
const quietS = 900;

/** Hours until the longest course of a story is over. The rise of a sepsis takes most of a day. */
export const eventHours = (story: ClinicalStory): number => (story === 'sepsis' ? 13 : 1);

/** @returns how many of each kind make `events` together in the proportions of life, by largest remainders */
export function eventCounts(
  events: number,
  stories: readonly ClinicalStory[] = clinicalStories,
): ReadonlyMap<ClinicalStory, number> {
  const sum = stories.reduce((total, name) => total + usualRates[name], 0);
  const exact = stories.map((name) => ({ name, of: (events * usualRates[name]) / sum }));
  const left = events - exact.reduce((total, { of }) => total + Math.floor(of), 0);
  const byRest = [...exact].sort((a, b) => (b.of % 1) - (a.of % 1) || a.name.localeCompare(b.name));
  const more = new Set(byRest.slice(0, left).map(({ name }) => name));
  return new Map(exact.map(({ name, of }) => [name, Math.floor(of) + (more.has(name) ? 1 : 0)]));
}

/** Patients to each of whom one story happens after a quarter of an hour, at any hour of the day, with a course of its own. */
export function patientsWith(story: ClinicalStory, seed: number, patients: number): readonly WardPatient[] {
  const random = createRandom(seed).fork(`events/${story}`);
  return Array.from({ length: patients }, (_, index) => {
    const number = firstOf(story) + index;
    const { bed } = patientCharacter(seed, number);
    const course = courseOf(story, seed, number, bed);
    const beginS = quietS + Math.round(300 * random.next());
    return createWardPatient({
      seed,
      number,
      dtS: 1,
      startHour: 24 * random.next(),
      stories: [{ ...course, beginS }],
    });
  });
}

/** The first story of a life in which nothing else happens, and that soon. */
function courseOf(name: StoryName, seed: number, number: number, bed: string): Story {
  const only = Object.fromEntries(storyNames.map((one) => [one, one === name ? 24 : 0]));
  const rates = { ...usualRates, ...only };
  for (let hours = 24; ; hours *= 2) {
    const [first] = scheduleStories({ seed, number, bed, hours, rates });
    if (first !== undefined) return first;
  }
}
