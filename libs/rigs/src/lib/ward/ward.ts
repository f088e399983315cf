import { randomBytes } from 'node:crypto';
import { createRandom, type Clock, type Logger } from '@edge-blueprints/contracts';
import { hostileMessages, malformedMessages } from './device/hostile-messages.js';
import { directRadio, openRadio } from './device/radio.js';
import { patientCharacter, type PatientCharacter } from './patient/patient-character.js';
import type { VitalsSource } from './patient/true-vitals.js';
import { createWardPatient } from './patient/ward-patient.js';
import { readStories } from './told-stories.js';
import { createTruthLog } from './truth/truth-log.js';
import { createMeasuredCrossings } from './truth/measured-crossings.js';
import type { TruthEvent } from './truth/truth-event.js';
import { createWardBed, type WardBed } from './ward-bed.js';
import type { WardCommand, WardOptions } from './ward-options.js';

export interface WardTotals {
  readonly patients: number;
  readonly connected: number;
  readonly connects: number;
  readonly made: number;
  readonly sends: number;
  readonly acknowledged: number;
  readonly dropped: number;
  readonly waiting: number;
  readonly failed: number;
  readonly strays: number;
  readonly truths: number;
  /** How late the latest second was made, since the last report. */
  readonly lateMs: number;
  readonly rssBytes: number;
}

export interface RunningWard {
  readonly roster: readonly {
    readonly bed: string;
    readonly device: string;
    readonly ageYears: number;
    readonly scale: number;
  }[];
  obey(command: WardCommand): Promise<void>;
  totals(): WardTotals;
  close(): Promise<void>;
}

export interface WardSurroundings {
  readonly clock: Clock;
  readonly log: Logger;
  readonly emit: (event: Readonly<Record<string, unknown>>) => void;
  readonly onTruth?: (events: readonly TruthEvent[]) => void;
  /** Fresh at every start of a device; drawn by the operating system when left out. */
  readonly newBoot?: () => string;
  readonly recorded?: (
    number: number,
  ) => ((rendered: VitalsSource, character: PatientCharacter) => VitalsSource) | undefined;
}

const tickMs = 20;
/** A week of life is planned ahead. */
const plannedHours = 168;

/**
 * A ward in real time: every wearable makes its samples at a moment of its own in each second and sends them, until `close`.
 * @throws UsageError `rig.ward-stories`, ConfigError `mqtt.url`, DeviceError `rig.listen`
 */
export async function startWard(options: WardOptions, surroundings: WardSurroundings): Promise<RunningWard> {
  const { clock, log, emit } = surroundings;
  const { seed, speed, rate } = options;
  const newBoot = surroundings.newBoot ?? (() => randomBytes(8).toString('hex'));
  const storiesOf = readStories(options.stories, seed, plannedHours);
  const counts = { connected: 0, connects: 0, truths: 0, lateMs: 0 };
  const truthLog = createTruthLog();
  const radios = await Promise.all(
    Array.from({ length: options.patients }, () =>
      options.radio === 'on' ? openRadio(options.broker, clock) : directRadio(options.broker),
    ),
  );
  const periodMs = 1_000 / rate;
  const beds: WardBed[] = radios.map((radio, index) => {
    const number = index + 1;
    const patient = createWardPatient({
      seed,
      number,
      dtS: speed / rate,
      startHour: options.startHour,
      stories: storiesOf(patientCharacter(seed, number)),
      recorded: surroundings.recorded?.(number),
    });
    return createWardBed(options, patient, radio, {
      clock,
      log,
      newBoot,
      random: createRandom(seed).fork(`device/${number}`),
      onConnected(connected) {
        counts.connected += connected ? 1 : -1;
        if (connected) counts.connects += 1;
      },
    });
  });
  const measured =
    options.measured === 'on' ? beds.map(({ patient }) => createMeasuredCrossings(patient.character)) : [];
  const epochOffsetMs = clock.epochMs() - clock.monotonicMs();
  const startMs = clock.monotonicMs();
  const due = beds.map((_, index) => startMs + (periodMs * index) / beds.length);
  let lastMs = startMs;
  const tick = (): void => {
    const now = clock.monotonicMs();
    for (const [index, bed] of beds.entries()) {
      for (let at = due[index] ?? now; at <= now; at += periodMs) {
        due[index] = at + periodMs;
        counts.lateMs = Math.max(counts.lateMs, now - at);
        const second = bed.live(Math.round(at + epochOffsetMs));
        // By now its samples are on their way.
        for (const crossing of measured[index]?.(second) ?? [])
          emit({ event: 'measured', atMs: Math.round(clock.epochMs()), ...crossing });
        if (second.round) emit({ event: 'round', ...second.round });
        if (second.truth.length === 0) continue;
        counts.truths += second.truth.length;
        truthLog.add(second.truth);
        surroundings.onTruth?.(second.truth);
        for (const truth of second.truth) emit({ event: 'truth', ...truth });
      }
      bed.replay(now - lastMs);
    }
    lastMs = now;
  };
  const timer = setInterval(tick, tickMs);
  const chosen = (patients: readonly number[] | 'all'): readonly WardBed[] =>
    patients === 'all' ? beds : beds.filter(({ patient }) => patients.includes(patient.character.number));

  const fault = async (command: Extract<WardCommand, { command: 'fault' }>): Promise<void> => {
    const { name, on } = command;
    for (const bed of chosen(command.patients)) {
      if (name === 'link-cut') await bed.setLink(on ? 'cut' : 'up');
      else if (name === 'link-silent') await bed.setLink(on ? 'silent' : 'up');
      else if (name === 'clock-jump') bed.wearable.set({ clockJumpMs: on ? command.jumpMs : 0 });
      else bed.wearable.set({ [name]: on });
    }
    emit({ event: 'fault', name, on, patients: chosen(command.patients).length, atMs: Math.round(clock.epochMs()) });
  };
  const totals = (): WardTotals => {
    const sum = { made: 0, sends: 0, acknowledged: 0, dropped: 0, waiting: 0, failed: 0, strays: 0 };
    for (const { wearable } of beds) {
      const own = wearable.counts();
      sum.made += own.made;
      sum.sends += own.sends;
      sum.acknowledged += own.acknowledged;
      sum.dropped += own.dropped;
      sum.waiting += own.waiting;
      sum.failed += own.failed;
      sum.strays += own.strays;
    }
    const lateMs = Math.round(counts.lateMs);
    counts.lateMs = 0;
    return { patients: beds.length, ...counts, lateMs, ...sum, rssBytes: process.memoryUsage.rss() };
  };
  return {
    roster: beds.map(({ patient: { character } }) => {
      const { bed, device, ageYears, scale } = character;
      return { bed, device, ageYears, scale };
    }),
    async obey(command) {
      switch (command.command) {
        case 'story': {
          const { name, riseS, holdS, fallS, height } = command;
          const ids = chosen(command.patients).map(({ patient }) =>
            patient.tell(name, { riseS, holdS, fallS, height }),
          );
          return emit({ event: 'told', name, ids });
        }
        case 'mend':
          return chosen(command.patients).forEach(({ patient }) => patient.mend());
        case 'fault':
          return fault(command);
        case 'malformed':
        case 'hostile': {
          const make = command.command === 'malformed' ? malformedMessages : hostileMessages;
          let accepted = 0;
          for (const { wearable } of chosen(command.patients))
            accepted += await wearable.stray((boot, seq) => make(wearable.identity, boot, seq));
          return emit({ event: command.command, acceptedByBroker: accepted });
        }
        case 'reboot':
          await Promise.all(chosen(command.patients).map(({ wearable }) => wearable.reboot()));
          return;
        case 'measure':
          return chosen(command.patients).forEach(({ patient }) => patient.measure());
        case 'moment':
          return emit({ event: 'moment', patients: beds.flatMap(({ patient }) => patient.now() ?? []) });
        case 'truth':
          return emit({ event: 'truths', truths: truthLog.since(command.sinceMs), dropped: truthLog.dropped() });
        case 'report': {
          const each = beds.map(({ wearable, patient }) => ({
            bed: patient.character.bed,
            ...wearable.last(),
            ...wearable.counts(),
          }));
          return emit({ event: 'report', ...totals(), ...(command.perPatient ? { each } : {}) });
        }
      }
    },
    totals,
    async close() {
      clearInterval(timer);
      await Promise.all(beds.map((bed) => bed.close()));
    },
  };
}
