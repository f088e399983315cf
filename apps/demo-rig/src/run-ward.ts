import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { WardView } from '@edge-blueprints/contracts';
import { createTruthBook } from '@edge-blueprints/rigs';
import type { WardDemo } from './compose/compose-ward.js';
import type { DemoOptions } from './options.js';
import { wardReport, type WardReport } from './report/ward-report.js';
import type { ProcessEvent } from './supervised-process.js';
import { createAlarmFollower } from './ward/alarm-follower.js';
import { fhirCounts } from './ward/fhir-counts.js';
import { cpuSeconds } from './ward/process-cpu.js';
import { createScoreChecks, momentSchema } from './ward/score-checks.js';
import { createCheckpointKeeper, verifyTrail, type CheckpointKeeper } from './ward/trail-verdict.js';
import { createWardApi, type WardPerson } from './ward/ward-api.js';
import {
  gatewaySchema,
  rigTotalsSchema,
  truthSchema,
  type GatewayFigures,
  type RigTotals,
} from './ward/ward-events.js';
import { createWardNurse, roundSchema, type WardNurse } from './ward/ward-nurse.js';
import { wardStories } from './ward/ward-stories.js';

const lookEveryMs = 2_000;
const firstStoryMs = 3_000;
/** Samples on their way at the end arrive within this. */
const settleMs = 2_500;
const drainMs = 15_000;
/** Of a gateway that is closing: its queue and its trail go to the disk. */
const stopMs = 20_000;

export interface WardRun {
  /** Events of the patients and of the gateway. */
  patients(event: ProcessEvent): void;
  gateway(event: ProcessEvent): void;
  /** From now on stories are told, a nurse is on duty, and the ward is looked at. */
  begin(ward: WardDemo): Promise<void>;
  samples(): number;
  alarms(): number;
  /** Stops the patients, then the gateway, and judges what it left. */
  report(ward: WardDemo): Promise<WardReport>;
}

/** Follows the ward from outside: what its page says, what its patients know, and what the verifier makes of its trail. */
export function createWardRun(options: Pick<DemoOptions, 'seed' | 'patients'>): WardRun {
  const truth = createTruthBook();
  const scores = createScoreChecks();
  const alarms = createAlarmFollower();
  const ending = new AbortController();
  let nurse: WardNurse | undefined;
  let person: WardPerson | undefined;
  let keeper: CheckpointKeeper | undefined;
  let first: GatewayFigures | undefined;
  let latest: GatewayFigures | undefined;
  let totals: RigTotals | undefined;
  let view: WardView | undefined;
  let fromMs = Date.now();
  let samplesBefore = 0;

  const look = async ({ url, processes }: WardDemo): Promise<void> => {
    view = await createWardApi(url).view();
    processes.patients.send({ command: 'moment' });
    await nurse?.look(view);
    if (person) await alarms.look(person, view);
    await keeper?.keep();
  };
  const tell = async ({ processes }: WardDemo): Promise<void> => {
    const begunMs = Date.now() + firstStoryMs;
    for (const { atS, patient, name, course } of wardStories(options.seed, options.patients)) {
      await wait(Math.max(0, begunMs + 1_000 * atS - Date.now()), undefined, { signal: ending.signal });
      processes.patients.send({ command: 'story', name, patients: [patient], ...course });
    }
  };

  return {
    patients(event) {
      const told = truthSchema.safeParse(event);
      if (told.success) return truth.learn(told.data);
      const round = roundSchema.safeParse(event);
      if (round.success) return nurse?.write(round.data);
      const moment = momentSchema.safeParse(event);
      if (moment.success) return view && scores.take(view, moment.data);
      const account = rigTotalsSchema.safeParse(event);
      if (account.success) totals = account.data;
    },
    gateway(event) {
      const figures = gatewaySchema.safeParse(event);
      if (!figures.success) return;
      first ??= figures.data;
      latest = figures.data;
    },
    async begin(ward) {
      const { url, pin, processes, trail, configFile } = ward;
      keeper = createCheckpointKeeper(trail.folder, join(dirname(configFile), 'kept-checkpoints.jsonl'));
      person = await createWardApi(url)
        .signIn('n.adams', pin)
        .catch(() => undefined);
      if (person) nurse = createWardNurse(person);
      fromMs = Date.now();
      samplesBefore = latest?.ingest.samples ?? 0;
      processes.patients.send({ command: 'measure', patients: 'all' });
      const untilEnd = async (): Promise<void> => {
        for (;;) {
          await wait(lookEveryMs, undefined, { signal: ending.signal });
          await look(ward).catch(() => undefined);
        }
      };
      for (const running of [untilEnd(), tell(ward)]) running.catch(() => undefined);
    },
    samples: () => (latest?.ingest.samples ?? 0) - samplesBefore,
    alarms: () => alarms.since(fromMs).length,
    async report(ward) {
      const { processes, fhirUrl, trail } = ward;
      const toMs = Date.now();
      ending.abort();
      const cpuS = Object.fromEntries(
        await Promise.all(
          Object.values(processes).map(async ({ name, pid }) => [name, await cpuSeconds(pid, readFile)]),
        ),
      );
      await processes.patients.stop(stopMs);
      await wait(settleMs);
      await createWardApi(ward.url)
        .view()
        .then((last) => person && alarms.look(person, last))
        .catch(() => undefined);
      for (const limit = Date.now() + drainMs; (latest?.fhir?.waiting ?? 0) > 0 && Date.now() < limit;) await wait(500);
      await processes.ward.stop(stopMs);
      const held = await fhirCounts(fhirUrl);
      await keeper?.keep();
      return wardReport({
        ...{ patients: options.patients, fromMs, toMs, truth, rig: totals, cpuS },
        alarms: alarms.since(fromMs),
        gateway: { begin: first, end: latest },
        scores: scores.figures(),
        nurse: nurse?.counts() ?? { rounds: 0, refusedRounds: 0, acts: 0 },
        fhirHeld: held,
        audit: await verifyTrail(trail, keeper ?? createCheckpointKeeper(trail.folder, '')),
      });
    },
  };
}
