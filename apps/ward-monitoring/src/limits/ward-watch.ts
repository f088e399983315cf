import type { AlarmCondition, AlarmSnapshot, News2Parameter } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { conditionTable } from '../alarms/condition-table.js';
import type { ConditionInput } from '../alarms/engine-input.js';
import type { AssociationBook } from '../ingest/association-book.js';
import type { WardEvent } from '../ingest/ward-event.js';
import { parameterName } from '../scores/news2-report.js';
import type { BedScore, ObservationDesk } from '../scores/observations/observation-desk.js';
import { qualitySettingsSchema } from '../signals/judge-quality.js';
import { motionSettingsSchema } from '../signals/motion.js';
import { type BedWatch, createBedWatch } from './bed-watch.js';
import { type ConditionBoard, createConditionBoard } from './condition-board.js';
import type { LimitBook } from './limit-book.js';
import { limitRules, watchSettingsSchema } from './limit-settings.js';
import { createNews2Watch, type News2Watch, news2SettingsSchema } from './news2-conditions.js';
import type { WatchWord } from './threshold-watch.js';

export const wardWatchSettingsSchema = z.strictObject({
  watch: watchSettingsSchema.prefault({}),
  quality: qualitySettingsSchema.prefault({}),
  motion: motionSettingsSchema.prefault({}),
  news2: news2SettingsSchema.prefault({}),
  /** Devices without a bed that are told of one by one. */
  mostUnassigned: z.int().min(1).max(1_000).default(50),
});
export type WardWatchSettings = Readonly<z.infer<typeof wardWatchSettingsSchema>>;

/** From events of the ward to inputs of the alarm engine. */
export interface WardWatch {
  take(event: WardEvent): readonly ConditionInput[];
  /** About once a second: what went silent, scores, overdue observations. While the broker is lost, silence has one cause. */
  tick(nowMs: number, state?: { readonly brokerLost?: boolean }): readonly ConditionInput[];
  /** After a restart, before the first event: the alarms that the engine recovered. Without it they would never end. */
  adopt(alarms: readonly AlarmSnapshot[], nowMs: number): void;
  /** What is not false of a bed at this moment, pending ones as well. */
  open(bed: string): readonly AlarmCondition[];
  /** Limits that the latest samples of a bed were beyond, from the first sample on: an alarm may still wait for its delay. */
  beyond(bed: string): readonly AlarmCondition[];
  moving(bed: string, nowMs: number): boolean;
}

export interface WardWatchOptions {
  readonly settings: WardWatchSettings;
  readonly desk: ObservationDesk;
  readonly book: AssociationBook;
  readonly limits: LimitBook;
  /** Delays of the engine as configured. */
  readonly delayMs?: (condition: AlarmCondition) => number;
  /** Whether somebody acknowledged this alarm and it is still on. Without it every rise of a score is told. */
  readonly isAnswered?: (bed: string, condition: AlarmCondition) => boolean;
}

interface BedState {
  readonly watch: BedWatch;
  readonly news2: News2Watch;
  /** When its patient came; undefined while it has none. */
  startedMs: number | undefined;
  /** When its patient last moved. */
  movedMs: number | undefined;
}

/** Signals that a limit is beyond at this moment. */
function toldBy(open: readonly AlarmCondition[]): ReadonlySet<News2Parameter> {
  if (open.length === 0) return nothingTold;
  return new Set(limitRules.flatMap(({ condition, parameter }) => (open.includes(condition) ? [parameter] : [])));
}

const nothingTold: ReadonlySet<News2Parameter> = new Set();
const silence: WatchWord = { state: 'false', text: 'no observation is overdue' };

export function createWardWatch({
  settings,
  desk,
  book,
  limits,
  delayMs = (condition) => conditionTable[condition].delayMs,
  isAnswered = () => false,
}: WardWatchOptions): WardWatch {
  const beds = new Map<string, BedState>();
  const strangers = new Map<string, ConditionBoard>();

  const bedOf = (bed: string): BedState => {
    const known = beds.get(bed);
    if (known !== undefined) return known;
    const watch = createBedWatch({
      bed,
      settings: settings.watch,
      quality: settings.quality,
      motion: settings.motion,
      limits: () => limits.of(bed),
      delayMs,
      observe: (reading) => void desk.take(bed, reading),
    });
    const state: BedState = {
      watch,
      news2: createNews2Watch(settings.news2),
      startedMs: undefined,
      movedMs: undefined,
    };
    beds.set(bed, state);
    return state;
  };
  const stranger = (event: WardEvent): readonly ConditionInput[] => {
    const { device, receivedMs } = event;
    const known = strangers.get(device);
    if (event.kind === 'state') {
      if (event.state.online) return [];
      strangers.delete(device);
      return known?.drop('', `${device} is off`, receivedMs) ?? [];
    }
    if (known === undefined && strangers.size >= settings.mostUnassigned) return [];
    const board = known ?? createConditionBoard(`device/${device.slice(0, 40)}`);
    strangers.set(device, board);
    const text = `${device} measures, but is at no bed`;
    return board.put('unassigned-device', device, { state: 'true', text }, receivedMs);
  };
  const scored = (bed: string, state: BedState, score: BedScore, nowMs: number): readonly ConditionInput[] => {
    const { watch, news2 } = state;
    if (watch.moving(nowMs)) state.movedMs = nowMs;
    const isMoving = state.movedMs !== undefined && nowMs - state.movedMs <= settings.news2.walkedMs;
    const bedside = { told: toldBy(watch.open()), isMoving, isAnswered: () => isAnswered(bed, 'news2-medium') };
    const inputs: ConditionInput[] = [];
    if (score.score !== undefined)
      for (const { condition, word } of news2.take(score.score, nowMs, bedside))
        inputs.push(...watch.put(condition, word, nowMs));
    const overdue = score.tasks.filter((task) => task.overdue);
    const [first] = overdue;
    const names = overdue.map(({ parameter }) => parameterName(parameter)).sort();
    const word: WatchWord =
      first === undefined
        ? silence
        : { state: 'true', onsetMs: first.dueMs, text: `Observation overdue: ${names.join(', ')}` };
    return [...inputs, ...watch.put('observation-overdue', word, nowMs)];
  };

  /** Another patient, or none any more: nothing of the one before counts. */
  const changed = (bed: string, startedMs: number | undefined, nowMs: number): readonly ConditionInput[] => {
    const state = beds.get(bed);
    if (state?.startedMs === undefined || state.startedMs === startedMs) return [];
    beds.delete(bed);
    limits.reset(bed);
    return state.watch.end(
      startedMs === undefined ? `${bed} has no patient any more` : `a new patient is in ${bed}`,
      nowMs,
    );
  };

  return {
    take(event) {
      if (event.bed === undefined) return stranger(event);
      return bedOf(event.bed).watch.take(event);
    },
    tick(nowMs, { brokerLost = false } = {}) {
      const inputs: ConditionInput[] = [];
      const present = book.current();
      for (const { device, bed } of present) {
        bedOf(bed);
        const board = strangers.get(device);
        if (board === undefined) continue;
        inputs.push(...board.drop('', 'is at a bed now', nowMs));
        strangers.delete(device);
      }
      for (const bed of desk.beds()) bedOf(bed);
      for (const bed of [...beds.keys()]) {
        const devices = present.filter((one) => one.bed === bed);
        const score = desk.score(bed, nowMs);
        inputs.push(...changed(bed, score?.startedMs, nowMs));
        if (score === undefined && devices.length === 0) {
          inputs.push(...bedOf(bed).watch.end('neither device nor patient', nowMs));
          beds.delete(bed);
          continue;
        }
        const state = bedOf(bed);
        state.startedMs = score?.startedMs;
        inputs.push(...state.watch.tick(nowMs, devices, brokerLost));
        if (score !== undefined) inputs.push(...scored(bed, state, score, nowMs));
      }
      return inputs;
    },
    adopt(alarms, nowMs) {
      for (const alarm of alarms) {
        const { subject, condition, phase, text } = alarm;
        if (phase === 'ended' || phase === 'latched') continue;
        if (subject.startsWith('bed/')) {
          const state = bedOf(subject);
          state.watch.adopt(alarm, nowMs);
          state.news2.adopt(condition);
        } else if (condition === 'unassigned-device') {
          const device = subject.slice('device/'.length);
          const board = createConditionBoard(subject);
          board.put(condition, device, { state: 'true', text }, nowMs);
          strangers.set(device, board);
        }
      }
    },
    open: (bed) => beds.get(bed)?.watch.open() ?? [],
    beyond: (bed) => beds.get(bed)?.watch.beyond() ?? [],
    moving: (bed, nowMs) => beds.get(bed)?.watch.moving(nowMs) ?? false,
  };
}
