import { createRandom } from '@edge-blueprints/contracts';
import { createBattery } from '../sensor/battery.js';
import { createVitalSensor, leadOffReadings, type VitalReadings } from '../sensor/vital-sensor.js';
import type { TruthEvent } from '../truth/truth-event.js';
import { createTruthKeeper } from '../truth/truth-keeper.js';
import { createActivity, type Activity } from './activity.js';
import { trueNews2 } from '../truth/news2-points.js';
import { createRounds, type ManualRound } from './manual-round.js';
import { patientCharacter, type PatientCharacter } from './patient-character.js';
import { createPhysiology } from './physiology.js';
import { planStory, type StoryCourse } from './story-schedule.js';
import { storyEndS, storyKinds, storyOverS, type Story, type StoryName } from './story.js';
import type { TrueVitals, VitalsSource } from './true-vitals.js';

/** One second of a patient as truth and as the wearable sees it. */
export interface WardSecond extends VitalReadings {
  readonly bed: string;
  readonly device: string;
  /** Unix time of the ward in ms. */
  readonly atMs: number;
  readonly vitals: TrueVitals;
  readonly activity: Activity;
  readonly lead: 'on' | 'off';
  /** 0: the device is off and says nothing. */
  readonly batteryPercent: number;
  /** False: the samples are made and kept, and come later. */
  readonly inRange: boolean;
  readonly truth: readonly TruthEvent[];
  readonly round?: ManualRound;
}

export interface WardPatient {
  readonly character: PatientCharacter;
  /** The next second of the wearable, which is `dtS` seconds of the patient's life. */
  step(atMs: number): WardSecond;
  /** Begins a story with the next step. @returns its id */
  tell(name: StoryName, course?: StoryCourse): string;
  /** Ends what is told, at once. */
  mend(): void;
  readonly hour: () => number;
  /** The moment of the last step as it truly is; undefined before the first. */
  now(): TrueMoment | undefined;
  /** A nurse measures with the next step, out of turn. */
  measure(): void;
}

export interface TrueMoment {
  readonly bed: string;
  readonly atMs: number;
  readonly vitals: TrueVitals;
  /** Of the truth's own chart. */
  readonly news2: number;
}

export interface WardPatientOptions {
  readonly seed: number;
  readonly number: number;
  /** Seconds of life in one second of the wearable: above 1 a day passes faster, samples come as ever. */
  readonly dtS: number;
  /** Hour of the day at the start. */
  readonly startHour: number;
  /** Sorted by their beginning. */
  readonly stories: readonly Story[];
  /** Recorded values instead of rendered ones; is given what is rendered for what the record lacks. */
  readonly recorded?: ((rendered: VitalsSource, character: PatientCharacter) => VitalsSource) | undefined;
}

const none: readonly TruthEvent[] = [];

export function createWardPatient(options: WardPatientOptions): WardPatient {
  const { dtS, seed, number } = options;
  const character = patientCharacter(seed, number);
  const { bed, device } = character;
  const random = createRandom(seed).fork(`life/${number}`);
  const activities = createActivity(random.fork('activity'), dtS);
  const rendered = createPhysiology(character, random.fork('physiology'), dtS);
  const source = options.recorded?.(rendered, character) ?? rendered;
  const sensor = createVitalSensor(character, random.fork('sensor'));
  const battery = createBattery(character, random.fork('battery'), dtS);
  const rounds = createRounds(character, random.fork('rounds'));
  const keeper = createTruthKeeper(character);
  let atS = 0;
  let planned = 0;
  let told = options.stories.length;
  const waiting: Story[] = [];
  let active: Story[] = [];
  let asked = false;
  let latest: Pick<WardSecond, 'atMs' | 'vitals'> | undefined;

  const begin = (story: Story, atMs: number): TruthEvent => {
    active.push(story);
    if (story.name === 'fall') activities.fall(story.holdS);
    if (story.name === 'out-of-range') activities.walk(Math.min(story.holdS, 300));
    const { expects } = storyKinds[story.name];
    return { kind: 'story-began', id: story.id, bed, device, atMs, story: story.name, expects };
  };
  const end = (story: Story, atMs: number): TruthEvent => {
    if (story.name === 'fall') activities.lieDown();
    if (story.name === 'flat-battery') battery.change();
    return { kind: 'story-ended', id: story.id, bed, device, atMs, story: story.name };
  };
  const turnPages = (atMs: number): readonly TruthEvent[] => {
    let events: TruthEvent[] | undefined;
    for (let next = options.stories[planned]; next && next.beginS <= atS; next = options.stories[(planned += 1)])
      (events ??= []).push(begin(next, atMs));
    for (const story of waiting.splice(0)) (events ??= []).push(begin(story, atMs));
    const over = active.filter((story) => storyOverS(story) <= atS);
    if (over.length > 0) {
      active = active.filter((story) => !over.includes(story));
      (events ??= []).push(...over.map((story) => end(story, atMs)));
    }
    return events ?? none;
  };
  const isTold = (name: StoryName): boolean => active.some((story) => story.name === name && atS < storyEndS(story));

  return {
    character,
    hour: () => (options.startHour + atS / 3_600) % 24,
    step(atMs) {
      const hour = (options.startHour + atS / 3_600) % 24;
      const pages = active.length + waiting.length > 0 || planned < options.stories.length ? turnPages(atMs) : none;
      const activity = activities.step(hour);
      const vitals = source.step(atS, hour, activity, active);
      const quiet = active.length === 0;
      const flat = quiet ? undefined : active.find(({ name }) => name === 'flat-battery');
      const batteryPercent = battery.step(flat?.riseS);
      const inRange = quiet || !isTold('out-of-range');
      const lead = !quiet && isTold('probe-off') ? 'off' : 'on';
      const reachable = inRange && batteryPercent > 0;
      const fell = activity.state === 'falling';
      const crossings = keeper.observe(atMs, vitals, { lead, batteryPercent, reachable, fell }, active);
      const measured = sensor(vitals, activity);
      const readings = lead === 'off' ? leadOffReadings : measured;
      const round = asked ? rounds.measure(atMs, vitals) : rounds.due(atS, atMs, vitals);
      asked = false;
      latest = { atMs, vitals };
      atS += dtS;
      return {
        bed,
        device,
        atMs,
        vitals,
        activity,
        pulse: readings.pulse,
        spo2: readings.spo2,
        respiration: readings.respiration,
        artefact: readings.artefact,
        lead,
        batteryPercent,
        inRange,
        truth: pages.length === 0 ? crossings : crossings.length === 0 ? pages : [...pages, ...crossings],
        ...(round === undefined ? {} : { round }),
      };
    },
    now: () => latest && { bed, ...latest, news2: trueNews2(latest.vitals, character.scale) },
    measure: () => void (asked = true),
    tell(name, course) {
      const story = planStory(`${bed}/${(told += 1)}`, name, atS, course);
      waiting.push(story);
      return story.id;
    },
    mend() {
      waiting.length = 0;
      active = active.map((story) => ({ ...story, beginS: -1e9 }));
    },
  };
}
