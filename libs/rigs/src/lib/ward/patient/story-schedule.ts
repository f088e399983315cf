import { createRandom, type Random } from '@edge-blueprints/contracts';
import { storyKinds, storyNames, storyOverS, type Story, type StoryName } from './story.js';

/** Expected number of each story in one patient-day. */
export type StoryRates = Readonly<Record<StoryName, number>>;

/** Chosen so that 200 patients in 7 days have some 150 clinical events and the everyday trouble of wearables. */
export const usualRates: StoryRates = {
  sepsis: 0.012,
  hypoxia: 0.035,
  'atrial-fibrillation': 0.02,
  bradycardia: 0.012,
  opioid: 0.015,
  fall: 0.008,
  'probe-off': 1.2,
  'flat-battery': 0.01,
  'out-of-range': 0.6,
};

/** What somebody may set of a story; the rest is as usual. */
export interface StoryCourse {
  readonly riseS?: number | undefined;
  readonly holdS?: number | undefined;
  readonly fallS?: number | undefined;
  readonly height?: number | undefined;
}

export function planStory(id: string, name: StoryName, beginS: number, course: StoryCourse = {}): Story {
  const kind = storyKinds[name];
  return {
    id,
    name,
    beginS,
    riseS: course.riseS ?? kind.riseS,
    holdS: course.holdS ?? kind.holdS,
    fallS: course.fallS ?? kind.fallS,
    height: course.height ?? 1,
  };
}

/** Longest lull before a story that follows another: a body or a nurse needs it to come back to normal. */
const apartS = 1_800;

/** Poisson arrivals over so many hours, one story at a time, each with a course of its own. */
export function scheduleStories(options: {
  readonly seed: number;
  readonly number: number;
  readonly bed: string;
  readonly hours: number;
  readonly rates: StoryRates;
}): readonly Story[] {
  const random = createRandom(options.seed).fork(`stories/${options.number}`);
  const perDay = storyNames.reduce((sum, name) => sum + options.rates[name], 0);
  const stories: Story[] = [];
  if (perDay <= 0) return stories;
  for (let atS = 0; ;) {
    atS += (-Math.log(1 - random.next()) / perDay) * 86_400;
    if (atS > options.hours * 3_600) return stories;
    const name = pickStory(random, options.rates, perDay);
    const kind = storyKinds[name];
    const story = planStory(`${options.bed}/${stories.length + 1}`, name, Math.round(atS), {
      riseS: Math.round(kind.riseS * (0.6 + random.next())),
      holdS: Math.round(kind.holdS * (0.5 + random.next())),
      fallS: Math.round(kind.fallS * (0.6 + random.next())),
      height: 0.85 + 0.15 * random.next(),
    });
    stories.push(story);
    atS = storyOverS(story) + apartS;
  }
}

function pickStory(random: Random, rates: StoryRates, sum: number): StoryName {
  let lot = random.next() * sum;
  for (const name of storyNames) {
    lot -= rates[name];
    if (lot < 0) return name;
  }
  return 'probe-off';
}
