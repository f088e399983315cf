import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { systemClock } from '@edge-blueprints/contracts';
import { z } from 'zod';
import { buildPage } from '../../compose/page-build.js';
import { repositoryRoot, webKitSource } from '../../compose/start-parts.js';
import { startSupervised, type SupervisedProcess } from '../../supervised-process.js';
import { loadOf, lookAtProcess, type LoadSample, type ProcessLoad } from './process-load.js';
import { matchPaints, type MatchedPaints } from './match-paints.js';
import { bedOf, startGateway, startWardRig, writeWardConfig } from './start-ward.js';
import { createWardTape, type WardTape } from './ward-tape.js';

export interface WardRunOptions {
  readonly patients: number;
  readonly seconds: number;
  readonly crossingsPerMinute: number;
  /** Patients who cross a limit together at the end; 0 leaves it out. */
  readonly burst: number;
  readonly seed: number;
  /** With the embedded FHIR server as one more process; off writes no resources. */
  readonly fhir: 'on' | 'off';
}

export interface BurstFigures {
  readonly paints: MatchedPaints;
  /** Most crossings that were sent within one second. */
  readonly densestSecond: number;
  readonly floodShown: boolean;
  readonly primary: string | null;
}

export interface WardRunFigures {
  readonly options: WardRunOptions;
  readonly messagesPerS: number;
  readonly paints: MatchedPaints;
  /** From the sample beyond a limit whose delay still runs to the silent notice on the tile. */
  readonly waiting: MatchedPaints;
  readonly burst: BurstFigures | undefined;
  readonly tape: ReturnType<WardTape['sums']>;
  readonly gateway: ProcessLoad;
  readonly rig: ProcessLoad;
  readonly fhir: { readonly load: ProcessLoad; readonly waiting: number } | undefined;
}

const viewSchema = z.object({ gateway: z.object({ fhirWaiting: z.number() }) });

/** What the rig tells of a wish: a pulse that jumps needs some samples of its averaging to get there. */
const holdS = 14;
const settleS = 15;
const drainS = 12;
/** Only crossings of these are alarms at once here. */
const soundedAtOnce = ['pulse-high', 'pulse-low', 'spo2-very-low'] as const;
const atOnce = Object.fromEntries(soundedAtOnce.map((name) => [name, { delayMs: 0 }]));

/** Nor is there any other wait, and what is over ends soon, so that the next crossing is a new alarm. */
const atOnceWatch = { noticeMs: 0, forgivenMs: 0, clearAfterMs: 10_000, movingDelayMs: 0, movingUrgentDelayMs: 0 };

/** One gateway, one rig and one station with a page, as processes, for so many seconds. */
export async function runWard(options: WardRunOptions, say: (text: string) => void): Promise<WardRunFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'ward-bench-'));
  const parts: SupervisedProcess[] = [];
  const tape = createWardTape();
  try {
    const page = await buildPage(join(repositoryRoot, 'apps/ward-monitoring/web'), [webKitSource]);
    const fhir =
      options.fhir === 'off'
        ? undefined
        : await startSupervised({
            name: 'FHIR server',
            entry: join(repositoryRoot, 'libs/clinical-io/src/fhir-server-main.ts'),
            args: ['--file', join(folder, 'fhir.jsonl')],
            onEvent: () => undefined,
            onLog: () => undefined,
            readyTimeoutMs: 60_000,
          });
    if (fhir !== undefined) parts.push(fhir);
    const baseUrl = fhir?.ready['baseUrl'];
    const config = await writeWardConfig({
      ...{ folder, pageFolder: page.folder, patients: options.patients },
      settings: {
        ...(typeof baseUrl === 'string' ? { fhir: { mode: 'server', baseUrl } } : {}),
        alarms: { conditions: atOnce },
        watch: { watch: atOnceWatch },
      },
    });
    const gateway = await startGateway(config, { onEvent: tape.gateway }, 1_000);
    parts.push(gateway);
    const rig = await startWardRig(
      gateway.ports['mqtt'] ?? 0,
      options.patients,
      // Two vital signs and a batch of acceleration a second: 3 messages, and respiration now and then.
      [
        '--measured',
        'on',
        '--hz',
        '50',
        '--respiration-seconds',
        '10',
        '--seed',
        String(options.seed),
        '--report-ms',
        '1000',
      ],
      { onEvent: tape.rig },
    );
    parts.push(rig);
    const station = await startSupervised({
      name: 'nurse station',
      entry: join(repositoryRoot, 'apps/ward-monitoring/web/dev/station-main.ts'),
      args: ['--url', `http://127.0.0.1:${gateway.ports['page'] ?? 0}`],
      onEvent: tape.station,
      onLog: () => undefined,
      readyTimeoutMs: 120_000,
    });
    parts.push(station);
    await wait(settleS * 1_000);
    tape.begin();
    const loads = watchLoads({ gateway, rig, ...(fhir === undefined ? {} : { fhir }) });
    const startedMs = systemClock.monotonicMs();
    const hypoxic = await tellStories(options, rig, say);
    await wait(drainS * 1_000);
    const load = await loads.stop();
    const url = `http://127.0.0.1:${gateway.ports['page'] ?? 0}/api/view`;
    const waiting = viewSchema.parse(await (await fetch(url)).json()).gateway.fhirWaiting;
    const elapsedMs = systemClock.monotonicMs() - startedMs;
    const main = tape.take();
    const sums = tape.sums();
    const burst = options.burst === 0 ? undefined : await measureBurst(options, rig, tape, tape.lowBefore());
    for (const part of parts.splice(0).reverse()) await part.stop(20_000);
    return {
      options,
      messagesPerS: (1_000 * sums.made) / elapsedMs,
      paints: matchPaints(
        main.crossings.filter(({ condition }) => condition.startsWith('pulse-')),
        main.starts,
      ),
      // An artefact may dip for one sample as well; only what was told is sure to be seen.
      waiting: matchPaints(
        main.crossings.filter(({ bed, condition, atMs }) => condition === 'spo2-low' && hypoxic(bed, atMs)),
        main.waiting,
      ),
      burst,
      tape: tape.sums(),
      gateway: load('gateway'),
      rig: load('rig'),
      fhir: fhir === undefined ? undefined : { load: load('fhir'), waiting },
    };
  } finally {
    for (const part of parts.reverse()) await part.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * In turn through the beds: a fast pulse, a slow one, and each tenth time a saturation that comes back before it is an alarm.
 * @returns whether a bed was told to lose saturation shortly before
 */
async function tellStories(
  { patients, seconds, crossingsPerMinute }: WardRunOptions,
  rig: SupervisedProcess,
  say: (text: string) => void,
): Promise<(bed: string, atMs: number) => boolean> {
  const told: { readonly bed: string; readonly atMs: number }[] = [];
  // A patient must be calm for a while before the next crossing is another one.
  const everyMs = Math.max(60_000 / crossingsPerMinute, 60_000 / patients);
  const startedMs = systemClock.monotonicMs();
  for (let turn = 0, saidMs = 0; ; turn += 1) {
    const dueMs = turn * everyMs;
    if (dueMs >= seconds * 1_000) break;
    await wait(Math.max(0, dueMs - (systemClock.monotonicMs() - startedMs)));
    const number = (turn % patients) + 1;
    const story =
      turn % 10 === 9
        ? { name: 'hypoxia', holdS: 11, height: 0.6 }
        : { name: turn % 2 === 0 ? 'atrial-fibrillation' : 'bradycardia', holdS, height: 1 };
    rig.send({ command: 'story', patients: [number], riseS: 0, fallS: 0, ...story });
    if (story.name === 'hypoxia') told.push({ bed: bedOf(number), atMs: systemClock.epochMs() });
    if (dueMs - saidMs >= 30_000) {
      saidMs = dueMs;
      say(`  ${patients} patients: ${Math.round(dueMs / 1_000)} of ${seconds} s\n`);
    }
  }
  return (bed, atMs) => told.some((one) => one.bed === bed && atMs >= one.atMs && atMs - one.atMs < 20_000);
}

/** One in ten loses saturation, the others get a fast pulse, told so that the samples cross at about the same time. */
async function measureBurst(
  options: WardRunOptions,
  rig: SupervisedProcess,
  tape: WardTape,
  lowBefore: ReadonlySet<string>,
): Promise<BurstFigures> {
  const numbers = Array.from({ length: Math.min(options.burst, options.patients) }, (_, index) => index + 1);
  const grave = numbers.filter((number) => number % 10 === 0);
  const others = numbers.filter((number) => number % 10 !== 0);
  const tell = (name: string, patients: readonly number[]): void =>
    rig.send({ command: 'story', name, patients, riseS: 0, holdS: 25, fallS: 0, height: 1 });
  tell('hypoxia', grave);
  // SpO2 is averaged for longer, and falls by more than it takes the pulse to rise.
  await wait(5_000);
  tell('atrial-fibrillation', others);
  await wait(14_000);
  const { flood, primary } = tape.shown();
  // What crosses from here on may not be painted before the end.
  const untilMs = systemClock.epochMs();
  await wait(6_000);
  const { crossings, starts } = tape.take();
  // A saturation that was very low before is an alarm that stays until somebody has seen it: it does not start again.
  const beds = new Set(numbers.map(bedOf));
  const own = crossings.filter(
    ({ bed, condition, atMs }) =>
      atMs <= untilMs &&
      beds.has(bed) &&
      (condition === 'pulse-high' || (condition === 'spo2-very-low' && !lowBefore.has(bed))),
  );
  const times = own.map(({ atMs }) => atMs).sort((a, b) => a - b);
  return {
    paints: matchPaints(own, starts),
    densestSecond: Math.max(
      0,
      ...times.map((from, index) => times.slice(index).filter((at) => at - from <= 1_000).length),
    ),
    floodShown: flood,
    primary,
  };
}

const lookEveryMs = 5_000;

function watchLoads(processes: Readonly<Partial<Record<'gateway' | 'rig' | 'fhir', SupervisedProcess>>>) {
  const samples = new Map<string, LoadSample[]>(Object.keys(processes).map((name) => [name, []]));
  const look = async (): Promise<void> => {
    for (const [name, process] of Object.entries(processes))
      samples.get(name)?.push(await lookAtProcess(process.pid ?? 0, systemClock.monotonicMs()));
  };
  let looking = look();
  const timer = setInterval(() => (looking = looking.then(look)), lookEveryMs);
  return {
    async stop(): Promise<(name: string) => ProcessLoad> {
      clearInterval(timer);
      await looking.then(look);
      return (name) => loadOf(samples.get(name) ?? []);
    },
  };
}
