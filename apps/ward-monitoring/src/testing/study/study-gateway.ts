import type { AlarmSnapshot, AuditTrail } from '@edge-blueprints/contracts';
import { isClinicalCall, type HeardAlarm, type ManualRound, type PatientCharacter } from '@edge-blueprints/rigs';
import { alarmConfigSchema, ruleOf } from '../../alarms/alarm-config.js';
import { createAlarmDesk } from '../../alarms/alarm-desk.js';
import type { AlarmJournal } from '../../alarms/alarm-journal.js';
import type { AlarmTransition } from '../../alarms/alarm-transition.js';
import { initialState } from '../../alarms/engine-state.js';
import { isAcknowledged } from '../../alarms/is-acknowledged.js';
import { createAssociationBook, type AssociationBook } from '../../ingest/association-book.js';
import type { WardEvent } from '../../ingest/ward-event.js';
import { createLimitBook } from '../../limits/limit-book.js';
import { bedLimitsSchema } from '../../limits/limit-settings.js';
import { createWardWatch, wardWatchSettingsSchema } from '../../limits/ward-watch.js';
import { createObservationDesk, observationSettingsSchema } from '../../scores/observations/observation-desk.js';

/** One way to set the ward's gateway. Each part is what its file in the configuration may hold. */
export interface StudySetting {
  readonly name: string;
  readonly watch?: unknown;
  readonly observations?: unknown;
  readonly alarms?: unknown;
}

/** Everything from a measured event to a published alarm, as the gateway joins it, with one setting and in virtual time. */
export interface StudyGateway {
  readonly setting: StudySetting;
  readonly book: Pick<AssociationBook, 'bedOf'>;
  take(event: WardEvent): void;
  observe(bed: string, round: ManualRound): Promise<void>;
  /** A nurse takes a whole set now. */
  measure(bed: string): Promise<void>;
  /** Ends a second: what went silent, scores, deadlines, and the nurses of the ward. */
  tick(nowMs: number): Promise<void>;
  /** Alarms of beds since the start, the running ones too. */
  heard(): readonly HeardAlarm[];
  close(): Promise<void>;
}

const nurse = { id: 'n-1', role: 'nurse' } as const;
const inCharge = { id: 'c-1', role: 'charge-nurse' } as const;
const physician = { id: 'p-1', role: 'physician' } as const;
/** A nurse comes to a new alarm after this, ... */
const answerMs = 40_000;
/** ... takes a whole set of observations this long after an alarm of the body of high or medium priority, as chart 4 asks, ... */
const measureAfterMs = 5 * 60_000;
/** ... and this long after the gateway asks for one that is overdue; not when the last one is younger. */
const overdueAfterMs = 15 * 60_000;

export async function openStudyGateway(
  setting: StudySetting,
  patients: readonly PatientCharacter[],
  /** A whole set of observations of the patient in a bed at this moment. */
  measure: (bed: string) => ManualRound | undefined,
  journal: AlarmJournal = forgetfulJournal(),
): Promise<StudyGateway> {
  let nowMs = 0;
  const trail: AuditTrail = { record: () => Promise.resolve([]) };
  const most = patients.length;
  const config = alarmConfigSchema.parse(setting.alarms ?? {});
  const observations = createObservationDesk({
    trail,
    settings: observationSettingsSchema.parse({ mostBeds: most, ...asObject(setting.observations) }),
  });
  const book = createAssociationBook({ trail, mostDevices: most });
  const limits = createLimitBook({ trail, ward: bedLimitsSchema.parse({}), mostBeds: most });
  const watch = createWardWatch({
    settings: wardWatchSettingsSchema.parse(setting.watch ?? {}),
    desk: observations,
    book,
    limits,
    delayMs: (condition) => ruleOf(config, 'ward', condition).delayMs,
    isAnswered: (bed, condition) => isAcknowledged(desk.view().alarms, bed, condition),
  });
  const alarms = new Map<string, HeardAlarm>();
  const live = new Map<string, AlarmSnapshot>();
  /** When a nurse measures, and when she last did. */
  const due = new Map<string, number>();
  const taken = new Map<string, number>();
  const call = (bed: string, atMs: number): void => void due.set(bed, Math.min(atMs, due.get(bed) ?? atMs));
  const publish = (transitions: readonly AlarmTransition[]): void => {
    for (const { kind, alarm, atMs } of transitions) {
      if (alarm === undefined || kind === 'pending' || kind === 'transient') continue;
      const { alarmId, subject, condition, type, priority, phase } = alarm;
      const known = alarms.get(alarmId);
      if (kind === 'start' && subject.startsWith('bed/')) {
        alarms.set(alarmId, { bed: subject, condition, type, priority, startMs: atMs });
        if (isClinicalCall(alarm)) call(subject, atMs + measureAfterMs);
        else if (condition === 'observation-overdue') call(subject, atMs + overdueAfterMs);
      } else if (known !== undefined && (phase === 'ended' || phase === 'latched'))
        alarms.set(alarmId, { ...known, endMs: known.endMs ?? atMs });
      else if (known !== undefined && phase === 'on' && known.endMs !== undefined) {
        const { endMs: _over, ...again } = known;
        alarms.set(alarmId, again);
      }
      if (phase === 'ended') live.delete(alarmId);
      else live.set(alarmId, alarm);
    }
  };
  const desk = await createAlarmDesk({
    journal,
    audit: trail,
    publish,
    now: () => nowMs,
    config,
    start: { boot: 'study', monotonicMs: 0, epochMs: 0, machineBoot: 'study' },
    // Memory answers at once; a journal on a disk is for questions afterwards, and nobody waits for it here.
    wait: (_ms, signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined))),
    continueEveryMs: Number.MAX_SAFE_INTEGER,
  });
  desk.assign({ subject: 'ward', chain: [nurse, inCharge, physician] });
  for (const { bed, device, scale, ageYears } of patients) {
    await observations.startPatient(bed, { ageYears, pregnant: false }, nurse, 0);
    await book.associate(device, bed, nurse, 0);
    if (scale === 1) continue;
    await observations.setScale(bed, 2, 'target 88 to 92 %', physician, 0);
    await limits.set(bed, { saturationLowPercent: 86, saturationVeryLowPercent: 82 }, 'target 88 to 92 %', physician);
  }
  await desk.settled();

  const sense = (inputs: ReturnType<typeof watch.take>): void => {
    for (const { kind: _kind, atMs: _atMs, ...input } of inputs) desk.sense(input);
  };

  /** A nurse acknowledges what sounds, and ends what is over. */
  const answer = async (): Promise<void> => {
    for (const { alarmId, phase, conditionMs = nowMs } of [...live.values()]) {
      if (phase === 'latched') await desk.act(nurse, { act: 'acknowledge', alarmId });
      else if (phase === 'on' && nowMs - conditionMs >= answerMs)
        await desk.act(nurse, { act: 'acknowledge', alarmId });
    }
  };

  const observe = async (bed: string, round: ManualRound): Promise<void> => {
    taken.set(bed, round.atMs);
    await observations.record(
      bed,
      {
        respirationPerMinute: round.respiration,
        saturationPercent: round.oxygenSaturation,
        breathing: round.supplementalOxygen,
        systolicMmHg: round.systolic,
        pulsePerMinute: round.pulse,
        consciousness: round.consciousness,
        temperatureCelsius: round.temperature,
      },
      nurse,
      round.atMs,
    );
  };

  const round = async (): Promise<void> => {
    for (const [bed, dueMs] of [...due]) {
      if (dueMs > nowMs) continue;
      due.delete(bed);
      const round = nowMs - (taken.get(bed) ?? Number.NEGATIVE_INFINITY) < overdueAfterMs ? undefined : measure(bed);
      if (round !== undefined) await observe(bed, round);
    }
  };

  return {
    setting,
    book,
    take(event) {
      nowMs = event.receivedMs;
      sense(watch.take(event));
    },
    observe,
    async measure(bed) {
      const round = measure(bed);
      if (round !== undefined) await observe(bed, round);
    },
    async tick(atMs) {
      nowMs = atMs;
      if (due.size > 0) await round();
      sense(watch.tick(atMs));
      desk.tick();
      await desk.settled();
      if (atMs % 10_000 === 0 && live.size > 0) await answer();
    },
    heard: () => [...alarms.values()],
    close: () => journal.close(),
  };
}

const asObject = (given: unknown): object => (typeof given === 'object' && given !== null ? given : {});

/** Numbers its entries and keeps none: a week of a ward would not fit. */
function forgetfulJournal(): AlarmJournal {
  const config = alarmConfigSchema.parse({});
  let next = 1;
  return {
    recovered: {
      state: initialState('study'),
      config,
      lastStart: undefined,
      unaudited: [],
      nextSeq: next,
      damage: [],
      isNew: true,
    },
    append(entries) {
      const first = next;
      next += entries.length;
      return Promise.resolve(first);
    },
    isFull: false,
    rotate: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}
