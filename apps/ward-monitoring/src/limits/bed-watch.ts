import type { AlarmCondition, AlarmSnapshot, WearableState } from '@edge-blueprints/contracts';
import type { ConditionInput } from '../alarms/engine-input.js';
import type { WardEvent } from '../ingest/ward-event.js';
import type { ContinuousParameter, SignalReading } from '../scores/observations/signal-window.js';
import { createDisagreement } from '../signals/disagreement.js';
import { judgeQuality, type QualitySettings } from '../signals/judge-quality.js';
import { createMotionSignal, type MotionSettings, type MotionSignal } from '../signals/motion.js';
import { createConditionBoard } from './condition-board.js';
import { createDeviceWatch, type DeviceWatch } from './device-watch.js';
import { type BedLimits, limitRules, signalNames, signalRules, type WatchSettings } from './limit-settings.js';
import { createThresholdWatch, type ThresholdWatch, type WatchWord } from './threshold-watch.js';

export interface BedWatchOptions {
  readonly bed: string;
  readonly settings: WatchSettings;
  readonly quality: QualitySettings;
  readonly motion: MotionSettings;
  readonly limits: () => BedLimits;
  /** The engine's delay of a condition. */
  readonly delayMs: (condition: AlarmCondition) => number;
  /** Where judged samples go to be scored. */
  readonly observe: (reading: SignalReading) => void;
}

/** A device at the bed, and since when. */
export interface PresentDevice {
  readonly device: string;
  readonly fromMs: number;
}

/** What an engine's alarm says to a watch that starts anew. */
export type AdoptedAlarm = Pick<AlarmSnapshot, 'condition' | 'type' | 'onsetMs' | 'text'>;

export interface BedWatch {
  take(event: WardEvent): readonly ConditionInput[];
  tick(nowMs: number, devices: readonly PresentDevice[], brokerLost: boolean): readonly ConditionInput[];
  /** Any other condition of the bed, so that everything of one bed goes through one board. */
  put(condition: AlarmCondition, word: WatchWord, atMs: number): readonly ConditionInput[];
  /** After a restart: what the engine holds of this bed. It ends when samples say so, or in its time. */
  adopt(alarm: AdoptedAlarm, nowMs: number): void;
  /** The patient left: nothing of this bed is true any more. */
  end(why: string, atMs: number): readonly ConditionInput[];
  moving(nowMs: number): boolean;
  open(): readonly AlarmCondition[];
  /** Whose limit the latest sample was beyond, from the first one on. */
  beyond(): readonly AlarmCondition[];
}

const scoreConditions: ReadonlySet<AlarmCondition> = new Set([
  'news2-low-change',
  'news2-red',
  'news2-medium',
  'news2-high',
  'observation-overdue',
]);

type VitalEvent = Extract<WardEvent, { kind: 'vital' }>;

/** Signals of one bed against its limits; what the engine must hear. */
export function createBedWatch(options: BedWatchOptions): BedWatch {
  const { bed, settings, quality, motion } = options;
  const board = createConditionBoard(bed);
  let live = watchesOf(options, settings.noticeMs);
  let replay: Map<string, ThresholdWatch> | undefined;
  let missedUntilMs: number | undefined;
  let fallUntilMs: number | undefined;
  const devices = new Map<string, DeviceWatch>();
  const motions = new Map<string, MotionSignal>();
  let adopted: { readonly condition: AlarmCondition; readonly body: boolean; readonly untilMs: number }[] = [];
  const usableMs = new Map<ContinuousParameter, number>();
  const pulses = createDisagreement({ largest: 20, lastingMs: 10_000, freshMs: 5_000 });
  const before = new Map<string, { readonly value: number; readonly measuredMs: number }>();

  const deviceOf = (device: string, fromMs: number): DeviceWatch => {
    const known = devices.get(device) ?? createDeviceWatch({ device, fromMs, settings });
    devices.set(device, known);
    return known;
  };
  const moving = (nowMs: number): boolean => {
    for (const one of motions.values()) if (one.moving(nowMs)) return true;
    return false;
  };
  // Most samples say nothing; nothing is built for them.
  const tell = (words: readonly (readonly [AlarmCondition, string, WatchWord])[], atMs: number): ConditionInput[] =>
    words.length === 0 ? [] : words.flatMap(([condition, source, word]) => board.put(condition, source, word, atMs));
  const lose = (parameter: ContinuousParameter, nowMs: number): ConditionInput[] =>
    signalRules[parameter].flatMap(({ condition }) => {
      const word = live.get(condition)?.lose(nowMs);
      return word === undefined ? [] : board.put(condition, 'limit', word, nowMs);
    });

  const feed = (watches: ReadonlyMap<string, ThresholdWatch>, event: VitalEvent, doubtful: boolean) => {
    const limits = options.limits();
    const sample = { value: Number(event.value), measuredMs: event.measuredMs, doubtful };
    const said: { condition: AlarmCondition; word: WatchWord | undefined; persisted: boolean }[] = [];
    for (const { condition, limit } of signalRules[event.parameter]) {
      const watch = watches.get(condition);
      const word = watch?.take(sample, limits[limit]);
      if (word !== undefined || watch?.persisted === true)
        said.push({ condition, word, persisted: watch?.persisted === true });
    }
    return said;
  };

  const missed = (event: VitalEvent, doubtful: boolean): readonly ConditionInput[] => {
    replay ??= watchesOf(options, 0);
    const over = feed(replay, event, doubtful).find(({ persisted }) => persisted);
    if (over === undefined || missedUntilMs !== undefined) return [];
    missedUntilMs = event.receivedMs + settings.eventShownMs;
    const { name, unit } = signalNames[event.parameter];
    const minutes = Math.max(1, Math.round((event.receivedMs - event.measuredMs) / 60_000));
    const text = `Missed during an outage: ${over.condition}, ${name} ${event.value} ${unit} about ${minutes} min ago`;
    return board.put(
      'missed-during-outage',
      'replay',
      { state: 'true', onsetMs: event.measuredMs, text },
      event.receivedMs,
    );
  };

  const disagree = (event: VitalEvent): readonly ConditionInput[] => {
    const apart = pulses.take(event.device, Number(event.value), event.measuredMs);
    const text = `Pulse differs by more than 20 /min between ${apart?.devices.join(' and ') ?? 'sensors'}`;
    const word: WatchWord =
      apart === undefined ? { state: 'false', text: `over: ${text}` } : { state: 'true', onsetMs: apart.sinceMs, text };
    return board.put('sensor-fault', 'disagreement', word, event.receivedMs);
  };

  const vital = (event: VitalEvent): readonly ConditionInput[] => {
    const key = `${event.device}/${event.parameter}`;
    const judgement = judgeQuality(event, before.get(key), quality);
    const { grade, why, reason } = judgement;
    options.observe({
      parameter: event.parameter,
      observation: event.id,
      measuredMs: event.measuredMs,
      ...(event.value === undefined ? {} : { value: event.value }),
      grade,
      ...(why === undefined ? {} : { why }),
    });
    if (reason === 'test') return [];
    // A jump that stays is judged by the samples after it: it must not lengthen the wait of the whole episode.
    const doubtful = (grade === 'suspect' && reason !== 'slope') || moving(event.receivedMs);
    const evidence = event.value !== undefined && (grade !== 'unusable' || reason === 'standstill');
    if (event.order === 'replayed') return evidence ? missed(event, doubtful) : [];
    if (event.order === 'late') return [];
    if (event.value !== undefined && grade !== 'unusable')
      before.set(key, { value: Number(event.value), measuredMs: event.measuredMs });
    const technical = tell(deviceOf(event.device, event.receivedMs).take(event, judgement), event.receivedMs);
    if (!evidence)
      return reason === 'lead-off' ? [...technical, ...lose(event.parameter, event.receivedMs)] : technical;
    usableMs.set(event.parameter, event.measuredMs);
    if (event.parameter === 'pulse' && grade === 'good') technical.push(...disagree(event));
    for (const { condition, word } of feed(live, event, doubtful))
      if (word !== undefined) technical.push(...board.put(condition, 'limit', word, event.receivedMs));
    return technical;
  };

  const accelerated = (event: Extract<WardEvent, { kind: 'acceleration' }>): readonly ConditionInput[] => {
    deviceOf(event.device, event.receivedMs);
    if (event.order !== 'live') return [];
    const signal = motions.get(event.device) ?? createMotionSignal(motion);
    motions.set(event.device, signal);
    const fall = signal.take(event.xyzG, event.hz, event.measuredMs);
    if (fall === undefined) return [];
    fallUntilMs = event.receivedMs + settings.eventShownMs;
    const text = `Fall: a shock of ${fall.peakG.toFixed(1)} g and then ${Math.round(motion.stillMs / 1_000)} s without movement`;
    return board.put('fall', event.device, { state: 'true', onsetMs: fall.impactMs, text }, event.receivedMs);
  };

  const stateOf = (device: string, state: WearableState, receivedMs: number): readonly ConditionInput[] =>
    tell(deviceOf(device, receivedMs).state(state, receivedMs), receivedMs);

  return {
    take(event) {
      if (event.kind === 'vital') return vital(event);
      return event.kind === 'acceleration' ? accelerated(event) : stateOf(event.device, event.state, event.receivedMs);
    },
    tick(nowMs, present, brokerLost) {
      const inputs: ConditionInput[] = [];
      for (const { device, fromMs } of present)
        inputs.push(...tell(deviceOf(device, fromMs).tick(nowMs, brokerLost), nowMs));
      for (const device of [...devices.keys()]) {
        if (present.some((one) => one.device === device)) continue;
        devices.delete(device);
        motions.delete(device);
        pulses.forget(device);
        for (const key of [...before.keys()]) if (key.startsWith(`${device}/`)) before.delete(key);
        inputs.push(...board.drop(device, `device ${device} was taken from the bed`, nowMs));
        if (devices.size > 0) continue;
        inputs.push(...board.drop('limit', 'no device at the bed any more', nowMs));
        inputs.push(...board.drop('disagreement', 'no device at the bed any more', nowMs));
        live = watchesOf(options, settings.noticeMs);
      }
      if (devices.size === 0) usableMs.clear();
      for (const [parameter, atMs] of usableMs)
        if (nowMs - atMs >= settings.staleMs) inputs.push(...lose(parameter, nowMs));
      // By now every device had time to say it again; what the body showed ends with a signal only.
      const over = adopted.filter(({ untilMs, body }) => nowMs >= untilMs && (!body || usableMs.size > 0));
      adopted = adopted.filter((one) => !over.includes(one));
      for (const { condition } of over)
        inputs.push(
          ...board.put(condition, 'restart', { state: 'false', text: 'not seen again after the restart' }, nowMs),
        );
      if (missedUntilMs !== undefined && nowMs >= missedUntilMs) {
        missedUntilMs = undefined;
        replay = undefined;
        inputs.push(...board.drop('replay', 'shown long enough', nowMs));
      }
      if (fallUntilMs !== undefined && nowMs >= fallUntilMs) {
        fallUntilMs = undefined;
        for (const device of devices.keys())
          inputs.push(...board.put('fall', device, { state: 'false', text: 'shown long enough' }, nowMs));
      }
      return inputs;
    },
    put: (condition, word, atMs) => board.put(condition, 'score', word, atMs),
    adopt({ condition, type, onsetMs, text }, nowMs) {
      const source = live.has(condition) ? 'limit' : scoreConditions.has(condition) ? 'score' : 'restart';
      live.get(condition)?.adopt(onsetMs);
      board.put(condition, source, { state: 'unknown', text }, nowMs);
      if (source !== 'restart') return;
      const event = condition === 'fall' || condition === 'missed-during-outage';
      adopted.push({
        condition,
        body: type === 'SP',
        untilMs: nowMs + (event ? settings.eventShownMs : settings.staleMs),
      });
    },
    end: (why, atMs) => board.drop('', why, atMs),
    moving,
    open: board.open,
    beyond: () => limitRules.flatMap(({ condition }) => (live.get(condition)?.beyond === true ? [condition] : [])),
  };
}

function watchesOf({ settings, delayMs }: BedWatchOptions, noticeMs: number): Map<string, ThresholdWatch> {
  return new Map(
    limitRules.map(({ condition, parameter, side, urgent }) => [
      condition,
      createThresholdWatch({
        parameter,
        side,
        noticeMs,
        clearAfterMs: settings.clearAfterMs,
        forgivenMs: settings.forgivenMs,
        delayMs: delayMs(condition),
        doubtfulDelayMs: urgent ? settings.movingUrgentDelayMs : settings.movingDelayMs,
      }),
    ]),
  );
}
