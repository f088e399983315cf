import { createRandom } from '@edge-blueprints/contracts';
import {
  createRounds,
  createTruthBook,
  type ArtefactSegment,
  type HeardAlarm,
  type LimitCrossing,
  type ManualRound,
  type ToldStory,
  type WardPatient,
} from '@edge-blueprints/rigs';
import type { AlarmJournal } from '../../alarms/alarm-journal.js';
import { createIngest, ingestSettingsSchema } from '../../ingest/ingest.js';
import { openStudyGateway, type StudySetting } from './study-gateway.js';
import { createStudyWearable } from './study-wearable.js';

export interface WardRunOptions {
  readonly seed: number;
  /** Each at the beginning of its life. */
  readonly patients: readonly WardPatient[];
  readonly hours: number;
  /** At least one; each hears the same messages. */
  readonly settings: readonly StudySetting[];
  readonly hz?: number;
  /** Keeps the entries of the first setting, for the replay tool. */
  readonly journal?: AlarmJournal;
  readonly onHour?: (hours: number) => void;
}

export interface WardRun {
  readonly patientDays: number;
  readonly beds: readonly string[];
  readonly crossings: readonly LimitCrossing[];
  readonly stories: readonly ToldStory[];
  readonly artefacts: readonly ArtefactSegment[];
  /** What each setting made of it, in their order. */
  readonly heard: readonly (readonly HeardAlarm[])[];
  readonly messages: number;
  /** Messages that the gateway did not take as samples. */
  readonly refused: number;
}

/** Who comes to the ward is measured by hand at once. */
const admittedS = 60;
/** Artefacts with less between them are one. */
const joinMs = 15_000;

/**
 * A rendered ward through the gateway in virtual time: payloads of wearables, ingest, signals, limits, scores, alarm desk, nurses.
 * Everything follows from the options.
 */
export async function runWard(options: WardRunOptions): Promise<WardRun> {
  const { seed, patients, hours, hz = 25 } = options;
  const random = createRandom(seed);
  const wearables = patients.map((patient) =>
    createStudyWearable({
      patient,
      identity: { site: 'study', ward: 'ward', device: patient.character.device },
      random: random.fork(`acceleration/${patient.character.number}`),
      hz,
    }),
  );
  const characters = wearables.map(({ patient }) => patient.character);
  const beds = new Map(wearables.map(({ patient }) => [patient.character.bed, patient]));
  // Each setting has nurses of its own, so that none changes what the others see.
  const gateways = await Promise.all(
    options.settings.map((setting, index) => {
      const hands = new Map(
        characters.map((one) => [one.bed, createRounds(one, random.fork(`nurse/${setting.name}/${one.number}`))]),
      );
      const measure = (bed: string): ManualRound | undefined => {
        const now = beds.get(bed)?.now();
        return now && hands.get(bed)?.measure(now.atMs, now.vitals);
      };
      return openStudyGateway(setting, characters, measure, index === 0 ? options.journal : undefined);
    }),
  );
  const [first] = gateways;
  const ingest = createIngest({
    site: 'study',
    ward: 'ward',
    settings: ingestSettingsSchema.parse({ mostDevices: Math.max(1, patients.length) }),
    book: { bedOf: (device, atMs) => first?.book.bedOf(device, atMs) },
    trail: { record: () => Promise.resolve([]) },
  });
  const truth = createTruthBook();
  const artefacts: ArtefactSegment[] = [];
  const open = new Map<string, { fromMs: number; toMs: number }>();
  const note = (bed: string, atMs: number): void => {
    const segment = open.get(bed);
    if (segment !== undefined && atMs - segment.toMs <= joinMs) segment.toMs = atMs;
    else {
      if (segment !== undefined) artefacts.push({ bed, ...segment });
      open.set(bed, { fromMs: atMs, toMs: atMs });
    }
  };

  for (let second = 1; second <= hours * 3_600; second += 1) {
    const atMs = second * 1_000;
    for (const wearable of wearables) {
      const { second: row, messages } = wearable.live(atMs);
      for (const event of row.truth) truth.learn(event);
      if (row.artefact) note(row.bed, atMs);
      for (const { topic, payload } of messages) {
        const event = ingest.receive(topic, payload, atMs, atMs);
        if (event !== undefined) for (const gateway of gateways) gateway.take(event);
      }
      if (second === admittedS) for (const gateway of gateways) await gateway.measure(row.bed);
      if (row.round !== undefined) for (const gateway of gateways) await gateway.observe(row.bed, row.round);
    }
    ingest.tick(atMs);
    for (const gateway of gateways) await gateway.tick(atMs);
    if (second % 3_600 === 0) {
      options.onHour?.(second / 3_600);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }
  for (const gateway of gateways) await gateway.close();
  for (const [bed, segment] of open) artefacts.push({ bed, ...segment });
  const { received, accepted } = ingest.counters();
  return {
    patientDays: (patients.length * hours) / 24,
    beds: characters.map(({ bed }) => bed),
    crossings: truth.crossings(),
    stories: truth.stories(),
    artefacts,
    heard: gateways.map((gateway) => gateway.heard()),
    messages: received,
    refused: received - accepted,
  };
}
