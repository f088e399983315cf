import type { AuditTrail, News2Inputs, News2Score, SpO2Scale } from '@edge-blueprints/contracts';
import { z } from 'zod';
import type { Actor } from '../../alarms/engine-input.js';
import { News2Refusal, type News2Person, requireNews2Person } from '../news2/eligibility.js';
import { observationIds, scoreNews2 } from '../news2/score-news2.js';
import { type ActOutcome, bedsideRoles, perform } from '../signed-act.js';
import {
  type BedRecord,
  type BedRecordState,
  createBedRecord,
  news2Inputs,
  sameValues,
  takenTimes,
  withObservation,
} from './bed-record.js';
import { manualObservationSchema } from './manual-observation.js';
import { followBand, type ObservationTask, observationTasks } from './monitoring-plan.js';
import type { SignalReading } from './signal-window.js';
import { problemWords } from '../problem-words.js';

export const observationSettingsSchema = z.strictObject({
  /** NEWS2 follows the median of so much of a continuous signal. */
  windowMs: z.int().min(0).max(300_000).default(60_000),
  /** A continuous signal that is older is not known. */
  staleMs: z.int().min(5_000).max(300_000).default(30_000),
  /** The first complete set of observations of a patient. */
  firstSetWithinMs: z.int().min(60_000).max(86_400_000).default(3_600_000),
  mostBeds: z.int().min(1).max(2_000).default(400),
});
export type ObservationSettings = Readonly<z.infer<typeof observationSettingsSchema>>;

/** What is known of the patient in a bed at one moment. */
export interface BedScore {
  readonly bed: string;
  readonly startedMs: number;
  /** Absent where the chart does not apply; `refused` then holds the code. */
  readonly score?: News2Score;
  readonly refused?: string;
  readonly scale: SpO2Scale;
  readonly tasks: readonly ObservationTask[];
}

export interface ObservationDesk {
  /** A patient comes to a bed: whatever the bed held is gone. Whom the chart does not fit has no score from then on. */
  startPatient(bed: string, person: News2Person, actor: Actor, atMs: number): Promise<ActOutcome>;
  endPatient(bed: string, actor: Actor, atMs: number): Promise<ActOutcome>;
  /** @param observation see `manualObservationSchema`; every problem is told at once */
  record(bed: string, observation: unknown, actor: Actor, atMs: number): Promise<ActOutcome>;
  /** A physician's decision either way; shown with every score. */
  setScale(bed: string, scale: SpO2Scale, reason: string, actor: Actor, atMs: number): Promise<ActOutcome>;
  /** @returns false where the bed had no patient, or another one, when it was measured */
  take(bed: string, reading: SignalReading): boolean;
  score(bed: string, nowMs: number): BedScore | undefined;
  beds(): readonly string[];
  /** For the restart; continuous signals come back by themselves. */
  snapshot(): readonly BedRecordState[];
}

export interface ObservationDeskOptions {
  readonly trail: AuditTrail;
  readonly settings: ObservationSettings;
  readonly restored?: readonly BedRecordState[];
}

/** Latest observations of each bed and the NEWS2 that follows from them. */
export function createObservationDesk({ trail, settings, restored = [] }: ObservationDeskOptions): ObservationDesk {
  const records = new Map<string, BedRecord>(restored.map((state) => [state.bed, createBedRecord(state, settings)]));
  let entries = 0;

  /** Inputs and score of each bed a moment ago: most seconds differ from the one before in ages and ids alone. */
  const latest = new Map<string, { readonly inputs: News2Inputs; readonly score: News2Score }>();
  const scoreAgain = (bed: string, inputs: News2Inputs): News2Score => {
    const before = latest.get(bed);
    const isSame = before !== undefined && sameValues(before.inputs, inputs);
    const score = isSame ? { ...before.score, observations: observationIds(inputs) } : scoreNews2(inputs);
    latest.set(bed, { inputs, score });
    return score;
  };
  const update = (bed: string, change: (state: BedRecordState) => BedRecordState): void => {
    const record = records.get(bed);
    if (record !== undefined) records.set(bed, { ...record, state: change(record.state) });
  };
  const act = (
    bed: string,
    actor: Actor,
    type: string,
    action: string,
    problem: { readonly why: 'input' | 'state'; readonly text: string } | undefined,
  ) => ({ actor, type, subject: bed, action, allowed: bedsideRoles, problem });
  const absent = (bed: string) =>
    records.has(bed) ? undefined : { why: 'state' as const, text: `${bed} has no patient; start one first` };

  return {
    startPatient(bed, person, actor, atMs) {
      const full = !records.has(bed) && records.size >= settings.mostBeds;
      const refused = refusalOf(person);
      return perform(
        trail,
        act(
          bed,
          actor,
          'patient.start',
          'start patient',
          full ? { why: 'state', text: `at most ${settings.mostBeds} beds` } : undefined,
        ),
        () => {
          const state = { bed, startedMs: atMs, scale: 1 as const, measured: [] };
          records.set(bed, createBedRecord(refused === undefined ? state : { ...state, refused }, settings));
        },
      );
    },
    endPatient(bed, actor) {
      return perform(trail, act(bed, actor, 'patient.end', 'end patient', absent(bed)), () => {
        records.delete(bed);
        latest.delete(bed);
      });
    },
    record(bed, observation, actor, atMs) {
      const parsed = manualObservationSchema.safeParse(observation);
      const problem =
        absent(bed) ?? (parsed.success ? undefined : { why: 'input' as const, text: problemWords(parsed.error) });
      return perform(
        trail,
        {
          ...act(bed, actor, 'observation.record', 'record observations', problem),
          ...(parsed.success ? { payload: { ...parsed.data, atMs } } : {}),
        },
        () => {
          entries += 1;
          const id = `manual/${bed}/${atMs}/${entries}`;
          if (parsed.success) update(bed, (state) => withObservation(state, parsed.data, atMs, id));
        },
      );
    },
    setScale(bed, scale, reason, actor) {
      const problem =
        absent(bed) ??
        (reason.trim() === '' ? { why: 'input' as const, text: 'give the reason for the change of scale' } : undefined);
      return perform(
        trail,
        {
          ...act(bed, actor, 'observation.scale', `set SpO2 scale ${scale}`, problem),
          reason: reason.slice(0, 200),
          allowed: ['physician'],
        },
        () => update(bed, (state) => ({ ...state, scale })),
      );
    },
    take(bed, reading) {
      const record = records.get(bed);
      // A late sample of the patient before must not be scored for this one.
      if (record === undefined || reading.measuredMs < record.state.startedMs) return false;
      record.windows[reading.parameter].take(reading);
      return true;
    },
    score(bed, nowMs) {
      const record = records.get(bed);
      if (record === undefined) return undefined;
      const { startedMs, scale, refused } = record.state;
      const tasksOf = ({ band }: BedRecordState) =>
        observationTasks(takenTimes(record.state), startedMs, band, nowMs, settings);
      if (refused !== undefined) return { bed, startedMs, scale, refused, tasks: tasksOf(record.state) };
      const inputs = news2Inputs(record, nowMs);
      const score = scoreAgain(bed, inputs);
      const band = followBand(record.state.band, score);
      const state = band === undefined ? record.state : { ...record.state, band };
      if (band !== record.state.band) update(bed, () => state);
      return { bed, startedMs, scale, score, tasks: tasksOf(state) };
    },
    beds: () => [...records.keys()],
    snapshot: () => [...records.values()].map(({ state }) => state),
  };
}

function refusalOf(person: News2Person): string | undefined {
  try {
    requireNews2Person(person);
    return undefined;
  } catch (error) {
    if (error instanceof News2Refusal) return error.code;
    throw error;
  }
}
