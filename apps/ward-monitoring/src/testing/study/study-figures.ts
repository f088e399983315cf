import { wilsonInterval, type Share } from '@edge-blueprints/pipeline';
import {
  falseOnArtefacts,
  isClinical,
  isClinicalCall,
  isTrue,
  judgeCrossings,
  judgeStories,
  storyNames,
  usualRates,
  type HeardAlarm,
  type JudgedCrossing,
  type StoryName,
} from '@edge-blueprints/rigs';
import type { WardRun } from './study-ward.js';

export interface Detected extends Share {
  readonly detected: number;
  readonly of: number;
}

/** Seconds of the ward's clock; the largest instead of a percentile that the count does not allow. */
export interface DelayFigures {
  readonly count: number;
  readonly p50S: number;
  readonly p90S: number;
  readonly maxS: number;
}

export interface StudyFigures {
  readonly setting: string;
  /** High and medium alarms of the body in each patient-day of the everyday ward, with a 95 % interval over patients. */
  readonly load: {
    readonly perPatientDay: number;
    readonly low: number;
    readonly high: number;
    readonly alarms: number;
  };
  /** Of these, those that the truth has a reason for. */
  readonly trueShare: Detected;
  /** Alarms that began on the everyday ward in each patient-day, by `PM spo2-low`. */
  readonly starts: Readonly<Record<string, number>>;
  readonly technicalPerPatientDay: Readonly<Record<'PH' | 'PM' | 'PL', number>>;
  /** Injected events of the body that reached a limit. */
  readonly sensitivity: Detected;
  readonly stories: Readonly<Record<string, Detected & { readonly told: number; readonly delay?: DelayFigures }>>;
  /** Single crossings that were held, of stories and by themselves. */
  readonly crossings: Readonly<
    Record<string, { readonly ofStories: Detected; readonly byThemselves: Detected; readonly delay?: DelayFigures }>
  >;
  readonly falseOnArtefacts: Detected;
  /** What events bring to the load: such alarms of the patients with one event, for each of them, and at the rates of life. */
  readonly ofEvents: { readonly perEvent: Readonly<Record<string, number>>; readonly perPatientDay: number };
}

/** @param everyday wards with stories as often as in life @param eventful wards with many; sensitivity is counted in both */
export function studyFigures(
  setting: string,
  index: number,
  everyday: readonly WardRun[],
  eventful: readonly WardRun[],
): StudyFigures {
  const heardOf = (run: WardRun): readonly HeardAlarm[] => run.heard[index] ?? [];
  const patientDays = everyday.reduce((sum, run) => sum + run.patientDays, 0);
  const alarms = everyday.flatMap(heardOf);
  const calls = alarms.filter(isClinicalCall);
  const starts = new Map<string, number>();
  for (const { priority, condition } of alarms) {
    const name = `${priority} ${condition}`;
    starts.set(name, (starts.get(name) ?? 0) + 1 / patientDays);
  }
  const technical = { PH: 0, PM: 0, PL: 0 };
  for (const { type, priority } of alarms) if (type === 'ST') technical[priority] += 1 / patientDays;
  const judged = [...everyday, ...eventful].map((run) => judgeCrossings(run.crossings, heardOf(run)));
  const stories = [...everyday, ...eventful].flatMap((run, at) => judgeStories(run.stories, judged[at] ?? []));
  const reached = stories.filter(({ crossings }) => crossings.length > 0);
  const clinical = reached.filter(({ story }) => isClinical(story));
  const crossings = judged.flat();
  const byCrossing = [...new Set(crossings.map(({ crossing }) => crossing.condition))].sort();
  const artefacts = everyday.flatMap((run) => falseOnArtefacts(run.artefacts, heardOf(run), run.crossings));
  const isReasoned = everyday.flatMap((run) =>
    heardOf(run)
      .filter(isClinicalCall)
      .map((alarm) => isTrue(alarm, run.crossings)),
  );
  return {
    setting,
    load: { alarms: calls.length, ...loadInterval(everyday, index) },
    trueShare: share(isReasoned, (one) => one),
    starts: Object.fromEntries([...starts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0]))),
    technicalPerPatientDay: technical,
    sensitivity: share(clinical, ({ alarm }) => alarm !== undefined),
    stories: Object.fromEntries(
      storyNames.flatMap((name) => {
        const told = stories.filter(({ story }) => story.story === name);
        const met = told.filter((one) => one.crossings.length > 0);
        if (told.length === 0) return [];
        return [[name, { told: told.length, ...share(met, ({ alarm }) => alarm !== undefined), ...delays(met) }]];
      }),
    ),
    crossings: Object.fromEntries(
      byCrossing.map((condition) => {
        const all = crossings.filter(({ crossing }) => crossing.condition === condition);
        const of = (isOfStory: boolean): readonly JudgedCrossing[] =>
          all.filter(({ crossing }) => (crossing.story !== undefined) === isOfStory);
        const isTold = ({ alarm }: JudgedCrossing): boolean => alarm !== undefined;
        return [
          condition,
          { ofStories: share(of(true), isTold), byThemselves: share(of(false), isTold), ...delays(all) },
        ];
      }),
    ),
    falseOnArtefacts: share(artefacts, (alarm) => alarm !== undefined),
    ofEvents: eventLoad(eventful, index),
  };
}

function share<T>(of: readonly T[], isDetected: (one: T) => boolean): Detected {
  const detected = of.filter(isDetected).length;
  return { detected, of: of.length, ...wilsonInterval(detected, of.length) };
}

function delays(of: readonly { readonly delayMs?: number }[]): { readonly delay?: DelayFigures } {
  const sorted = of.flatMap(({ delayMs }) => delayMs ?? []).sort((a, b) => a - b);
  const last = sorted.at(-1);
  if (last === undefined) return {};
  const at = (p: number): number => (sorted[Math.ceil(p * sorted.length) - 1] ?? last) / 1_000;
  return { delay: { count: sorted.length, p50S: at(0.5), p90S: at(0.9), maxS: last / 1_000 } };
}

/**
 * Mean of the patients and a 95 % interval: the normal one over patients, as alarms of one patient follow from each other, or that of
 * a Poisson count where it is wider, as no alarm in few days does not mean none in many.
 * @see Byar's approximation in Breslow and Day, Statistical Methods in Cancer Research II (1987), page 69
 */
function loadInterval(everyday: readonly WardRun[], index: number) {
  const perPatient = everyday.flatMap((run) => {
    const counts = new Map(run.beds.map((bed) => [bed, 0]));
    for (const alarm of run.heard[index] ?? [])
      if (isClinicalCall(alarm)) counts.set(alarm.bed, (counts.get(alarm.bed) ?? 0) + 1);
    const days = run.patientDays / run.beds.length;
    return [...counts.values()].map((count) => count / days);
  });
  const mean = perPatient.reduce((sum, one) => sum + one, 0) / Math.max(1, perPatient.length);
  const squares = perPatient.reduce((sum, one) => sum + (one - mean) ** 2, 0);
  const error = 1.96 * Math.sqrt(squares / Math.max(1, perPatient.length - 1) / Math.max(1, perPatient.length));
  const days = everyday.reduce((sum, run) => sum + run.patientDays, 0);
  const count = Math.round(mean * days);
  const byar = (n: number, z: number): number => (n === 0 ? 0 : n * (1 - 1 / (9 * n) + z / (3 * Math.sqrt(n))) ** 3);
  return {
    perPatientDay: mean,
    low: Math.max(0, Math.min(mean - error, byar(count, -1.96) / days)),
    high: Math.max(mean + error, byar(count + 1, 1.96) / days),
  };
}

function eventLoad(eventful: readonly WardRun[], index: number): StudyFigures['ofEvents'] {
  const perEvent = new Map<StoryName, number>();
  for (const name of storyNames) {
    const runs = eventful.filter(({ stories }) => stories.some(({ story }) => story === name));
    const patients = runs.reduce((sum, { beds }) => sum + beds.length, 0);
    const calls = runs.flatMap(({ heard }) => heard[index] ?? []).filter(isClinicalCall).length;
    if (patients > 0) perEvent.set(name, calls / patients);
  }
  const perPatientDay = [...perEvent].reduce((sum, [name, calls]) => sum + usualRates[name] * calls, 0);
  return { perEvent: Object.fromEntries(perEvent), perPatientDay };
}
