import {
  type Acvpu,
  type News2Input,
  type News2Inputs,
  type News2Parameter,
  news2Parameters,
  type SpO2Scale,
} from '@edge-blueprints/contracts';
import type { KnownBand } from '../news2/clinical-response.js';
import type { MeasuredParameter } from '../news2/plausibility.js';
import { type ManualObservation, measuredValues, scoredConsciousness } from './manual-observation.js';
import { manualLimitMs } from './monitoring-plan.js';
import {
  type ContinuousParameter,
  createSignalWindow,
  type SignalWindow,
  type SignalWindowOptions,
} from './signal-window.js';

interface Entry<T> {
  readonly value: T;
  readonly atMs: number;
  readonly observation: string;
}

/** What a restart needs to know of a bed's patient; plain data. */
export interface BedRecordState {
  readonly bed: string;
  readonly startedMs: number;
  /** Code of the refusal: this person has no NEWS2. Neither age nor the reason itself is kept. */
  readonly refused?: string;
  readonly scale: SpO2Scale;
  readonly band?: KnownBand;
  readonly measured: readonly (readonly [MeasuredParameter, Entry<string>])[];
  readonly breathing?: Entry<'air' | 'oxygen'>;
  readonly consciousness?: Entry<Acvpu>;
}

/** The observations of the patient in one bed. A new patient is a new record: nothing of the last one is ever scored. */
export interface BedRecord {
  readonly state: BedRecordState;
  readonly windows: Readonly<Record<ContinuousParameter, SignalWindow>>;
}

export function createBedRecord(state: BedRecordState, options: SignalWindowOptions): BedRecord {
  return {
    state,
    windows: {
      respiration: createSignalWindow(options),
      oxygenSaturation: createSignalWindow(options),
      pulse: createSignalWindow(options),
    },
  };
}

export function withObservation(
  state: BedRecordState,
  given: ManualObservation,
  atMs: number,
  observation: string,
): BedRecordState {
  const measured = new Map(state.measured);
  for (const [parameter, value] of measuredValues(given)) measured.set(parameter, { value, atMs, observation });
  const level = scoredConsciousness(given);
  return {
    ...state,
    measured: [...measured],
    ...(given.breathing === undefined ? {} : { breathing: { value: given.breathing, atMs, observation } }),
    ...(level === undefined ? {} : { consciousness: { value: level, atMs, observation } }),
  };
}

/** When each parameter was last taken by hand. */
export function takenTimes({
  measured,
  breathing,
  consciousness,
}: BedRecordState): ReadonlyMap<News2Parameter, number> {
  const times = new Map<News2Parameter, number>(measured.map(([parameter, entry]) => [parameter, entry.atMs]));
  if (breathing !== undefined) times.set('supplementalOxygen', breathing.atMs);
  if (consciousness !== undefined) times.set('consciousness', consciousness.atMs);
  return times;
}

/** A fresh sensor goes before a manual value of the same parameter; a manual one stands in where the sensor is silent. */
export function news2Inputs({ state, windows }: BedRecord, nowMs: number): News2Inputs {
  const limitMs = manualLimitMs(state.band);
  const manual = <T extends string>(entry: Entry<T> | undefined): News2Input<T> => {
    if (entry === undefined) return { known: false, why: 'not-measured' };
    const ageMs = Math.max(0, nowMs - entry.atMs);
    if (ageMs >= limitMs) return { known: false, why: 'stale', lastValue: entry.value, ageMs };
    return { known: true, value: entry.value, observation: entry.observation, ageMs };
  };
  const taken = (parameter: MeasuredParameter) => state.measured.find(([name]) => name === parameter)?.[1];
  const sensed = (parameter: ContinuousParameter): News2Input<string> => {
    const sensor = windows[parameter].read(nowMs);
    if (sensor.known) return sensor;
    const byHand = manual(taken(parameter));
    return byHand.known ? byHand : sensor;
  };
  return {
    scale: state.scale,
    respiration: sensed('respiration'),
    oxygenSaturation: sensed('oxygenSaturation'),
    supplementalOxygen: manual(state.breathing),
    systolic: manual(taken('systolic')),
    pulse: sensed('pulse'),
    consciousness: manual(state.consciousness),
    temperature: manual(taken('temperature')),
  };
}

/** Whether two sets of inputs score the same: the same is known with the same values, whatever their ages and ids. */
export function sameValues(a: News2Inputs, b: News2Inputs): boolean {
  return (
    a.scale === b.scale &&
    news2Parameters.every((parameter) => {
      const [one, other] = [a[parameter], b[parameter]];
      return one.known ? other.known && one.value === other.value : !other.known && one.why === other.why;
    })
  );
}
