import { randomBytes } from 'node:crypto';
import { wardSignIn } from './compose/compose-ward.js';
import { compose, type Demo } from './compose/compose.js';
import type { PartName } from './compose/start-parts.js';
import { openDirector, type Director } from './director/open-director.js';
import type { DemoOptions } from './options.js';
import { factorySummary } from './report/factory-summary.js';
import { runFacts, type RunReport } from './report/run-report.js';
import { storeSummary } from './report/store-summary.js';
import { wardSummary } from './report/ward-summary.js';
import { goldenOutcome, reportFactory } from './run-factory.js';
import { createRunLedger, linePartSchema, plcPartSchema } from './run-ledger.js';
import { createStoreRun } from './run-store.js';
import { createWardRun } from './run-ward.js';
import { createStationApi } from './station-api.js';
import type { ProcessEvent } from './supervised-process.js';

export interface RunDemoDeps {
  say(text: string): void;
  complain(text: string): void;
  writeReport(file: string, report: RunReport): Promise<void>;
  /** Fires on Ctrl-C. */
  readonly stop: AbortSignal;
}

/** Composes the demo, lets it run, reports, stops. @returns the exit code */
export async function runDemo(options: DemoOptions, deps: RunDemoDeps): Promise<number> {
  const startedAt = new Date();
  const ledger = createRunLedger();
  const storeRun = createStoreRun();
  const wardRun = createWardRun(options);
  const end = new AbortController();
  const ending = AbortSignal.any([deps.stop, end.signal]);
  let died: string | undefined;
  let lineDone = false;

  const onEvent = (part: PartName, event: ProcessEvent): void => {
    if (part === 'line') {
      const left = linePartSchema.safeParse(event);
      if (left.success) ledger.line(left.data);
      if (event.event === 'finished') {
        lineDone = true;
        if (options.frames) end.abort();
      }
    } else if (part === 'plc') {
      const judged = plcPartSchema.safeParse(event);
      if (judged.success) ledger.plc(judged.data);
    } else if (part === 'shop') storeRun.shop(event);
    else if (part === 'patients') wardRun.patients(event);
    else if (part === 'ward') wardRun.gateway(event);
  };
  const onLog = (part: PartName, line: string): void => {
    if (options.verbose) deps.complain(`[${part}] ${line}\n`);
  };
  const onReady = (part: string, detail: string): void => deps.say(`${part.padEnd(10)} ready   ${detail}\n`);

  const demo = await compose(options, { onEvent, onLog, onReady });
  const readySeconds = (Date.now() - startedAt.getTime()) / 1000;
  deps.say(`Ready after ${readySeconds.toFixed(1)} s.\n`);
  if (demo.factory) deps.say(`Station ${demo.factory.url}  operator PIN ${demo.factory.operatorPin} (this run only)\n`);
  if (demo.store) deps.say(`Store   ${demo.store.url}  operator PIN ${demo.store.operatorPin} (this run only)\n`);
  if (demo.ward) deps.say(`Ward    ${demo.ward.url}  ${wardSignIn(demo.ward)}\n`);
  const director = await directDemo(options, demo);
  if (director) deps.say(`Start at ${director.url}  (its buttons take PIN ${firstPin(demo)})\n`);
  if (options.seconds === undefined && !options.frames) deps.say('Ctrl-C stops everything.\n');
  for (const process of demo.processes) {
    void process.exited.then((code) => {
      if (ending.aborted) return;
      died = `${process.name} ended by itself (exit code ${code})`;
      end.abort();
    });
  }

  if (demo.factory) deps.say(`${await goldenOutcome(demo.factory, ending)}\n`);
  if (demo.store) await storeRun.begin(demo.store);
  if (demo.ward) await wardRun.begin(demo.ward);
  const runStart = Date.now();
  await waitForEnd(options, ending, deps, () => [
    ...(demo.factory ? [`${ledger.presented()} boards`] : []),
    ...(demo.store ? [`${storeRun.crossings()} crossings at the door`] : []),
    ...(demo.ward ? [`${wardRun.samples()} samples and ${wardRun.alarms()} alarms of the ward`] : []),
  ]);
  const runSeconds = (Date.now() - runStart) / 1000;
  end.abort();
  if (options.report !== undefined || options.seconds !== undefined || options.frames !== undefined) {
    const store = demo.store && (await storeRun.report(demo.store));
    const ward = demo.ward && (await wardRun.report(demo.ward));
    const factory = demo.factory && (await reportFactory(demo.factory, { options, ledger, startedAt }));
    const report: RunReport = {
      ...runFacts({ options, startedAt: startedAt.toISOString(), readySeconds, runSeconds }),
      ...factory,
      ...(store && { store }),
      ...(ward && { ward }),
    };
    if (options.report !== undefined) await deps.writeReport(options.report, report);
    if (factory) deps.say(`\n${factorySummary(factory)}`);
    if (store) deps.say(`\n${storeSummary(store)}`);
    if (ward) deps.say(`\n${wardSummary(ward)}`);
    if (options.report !== undefined) deps.say(`report           ${options.report}\n`);
  }
  await director?.close();
  const codes = await demo.stop();
  const bad = Object.entries(codes).filter(([, code]) => code !== 0);
  if (died !== undefined) deps.complain(`${died}\n`);
  if (bad.length > 0)
    deps.complain(`Not stopped cleanly: ${bad.map(([name, code]) => `${name} (${code ?? 'killed'})`).join(', ')}\n`);
  if (options.frames && !lineDone && !deps.stop.aborted)
    deps.complain('The line ended before every picture was judged.\n');
  return died === undefined && bad.length === 0 ? 0 : 1;
}

/** The first page takes the PIN of the first app that is there. */
const firstPin = ({ factory, store, ward }: Pick<Demo, 'factory' | 'store' | 'ward'>): string =>
  factory?.operatorPin ?? store?.operatorPin ?? ward?.pin ?? '';

/** The first page: the way to the apps and the hub, and the buttons of the story. Needs the hub: without it, none. */
async function directDemo(options: DemoOptions, { factory, store, ward, hub }: Demo): Promise<Director | undefined> {
  if (!hub) return undefined;
  const api = factory && createStationApi(factory.url);
  const actors = { ...factory?.processes, ...store?.processes, ...ward?.processes, link: hub.link };
  return openDirector({
    port: options.port,
    pin: firstPin({ factory, store, ward }),
    pages: [
      ...(factory ? [{ title: 'Inspection station', text: 'The line, verdict by verdict.', url: factory.url }] : []),
      ...(store ? [{ title: 'Store', text: 'People as numbers, with a budget for each.', url: store.url }] : []),
      ...(ward
        ? [{ title: 'Ward', text: 'Patients, scores and alarms; an audit trail behind all of it.', url: ward.url }]
        : []),
      {
        title: 'Fleet hub',
        text: `All devices. Sign in as ${hub.user}; the terminal shows the password.`,
        url: hub.url,
      },
    ],
    actors: Object.keys(actors),
    send: ({ to, command }) => actors[to]?.send(command),
    station: api && (async () => api.view().catch(() => undefined)),
    nowMs: () => performance.now(),
    newToken: () => randomBytes(32).toString('base64url'),
  });
}

async function waitForEnd(
  options: DemoOptions,
  ending: AbortSignal,
  deps: RunDemoDeps,
  done: () => readonly string[],
): Promise<void> {
  const started = Date.now();
  await new Promise<void>((resolve) => {
    if (ending.aborted) return resolve();
    const progress =
      options.seconds === undefined && !options.frames
        ? undefined
        : setInterval(() => {
            const seconds = Math.round((Date.now() - started) / 1000);
            const of = options.seconds === undefined ? '' : ` of ${options.seconds}`;
            deps.say(`  ${seconds}${of} s, ${done().join(', ')}\n`);
          }, 10_000);
    const timer = options.seconds === undefined ? undefined : setTimeout(finish, options.seconds * 1000);
    ending.addEventListener('abort', finish, { once: true });
    function finish(): void {
      clearInterval(progress);
      clearTimeout(timer);
      resolve();
    }
  });
}
