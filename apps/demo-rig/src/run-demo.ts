import { randomBytes } from 'node:crypto';
import { errorMessage } from '@edge-blueprints/contracts';
import { compose, type Demo, type PartName } from './compose.js';
import type { DemoOptions } from './options.js';
import { reportSummary } from './report-summary.js';
import { runReport, type RunReport } from './report.js';
import { openDirector, type Director } from './director/open-director.js';
import { createRunLedger, linePartSchema, plcPartSchema } from './run-ledger.js';
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
    }
  };
  const onLog = (part: PartName, line: string): void => {
    if (options.verbose) deps.complain(`[${part}] ${line}\n`);
  };
  const onReady = (part: string, detail: string): void => deps.say(`${part.padEnd(8)} ready   ${detail}\n`);

  const demo = await compose(options, { onEvent, onLog, onReady });
  const readySeconds = (Date.now() - startedAt.getTime()) / 1000;
  deps.say(
    `Ready after ${readySeconds.toFixed(1)} s. Page: ${demo.url}  Operator PIN ${demo.operatorPin} (this run only).\n`,
  );
  const director = demo.hub && (await directDemo(options, demo, demo.hub));
  if (director) deps.say(`Start at ${director.url}\n`);
  if (options.seconds === undefined && !options.frames) deps.say('Ctrl-C stops everything.\n');
  const processes = [...Object.values(demo.processes), ...(demo.hub ? [demo.hub.process, demo.hub.link] : [])];
  for (const process of processes) {
    void process.exited.then((code) => {
      if (ending.aborted) return;
      died = `${process.name} ended by itself (exit code ${code})`;
      end.abort();
    });
  }

  deps.say(`${await goldenOutcome(demo, ending)}\n`);
  const runStart = Date.now();
  await waitForEnd(options, ending, deps, () => ledger.presented());
  const runSeconds = (Date.now() - runStart) / 1000;
  end.abort();
  if (options.report !== undefined || options.seconds !== undefined || options.frames !== undefined) {
    await settle(demo);
    const report = await collect(demo, { options, ledger, startedAt, readySeconds, runSeconds });
    if (options.report !== undefined) await deps.writeReport(options.report, report);
    deps.say(`\n${reportSummary(report)}`);
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

/** The first page: the way to station and hub, and the buttons of the story. */
function directDemo(options: DemoOptions, demo: Demo, hub: NonNullable<Demo['hub']>): Promise<Director> {
  const api = createStationApi(demo.url);
  const actors = { ...demo.processes, link: hub.link };
  return openDirector({
    port: options.port,
    pin: demo.operatorPin,
    pages: [
      { title: 'Inspection station', text: 'The line, verdict by verdict.', url: demo.url },
      {
        title: 'Fleet hub',
        text: `All devices. Sign in as ${hub.user}; the terminal shows the password.`,
        url: hub.url,
      },
    ],
    send: ({ to, command }) => actors[to].send(command),
    station: () => api.view().catch(() => undefined),
    nowMs: () => performance.now(),
    newToken: () => randomBytes(32).toString('base64url'),
  });
}

/** Waits (bounded) for the golden check, without which the station withholds READY. */
async function goldenOutcome(demo: Demo, ending: AbortSignal): Promise<string> {
  const api = createStationApi(demo.url);
  const limit = Date.now() + 20_000;
  for (;;) {
    const { golden } = await api.view();
    if (golden.state === 'passed') return `golden check passed: ${golden.results.length} parts as expected`;
    if (golden.state === 'failed') return `golden check FAILED, the line is held: ${golden.detail}`;
    if (ending.aborted || Date.now() > limit) return `golden check ${golden.state}: ${golden.detail}`;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function waitForEnd(
  options: DemoOptions,
  ending: AbortSignal,
  deps: RunDemoDeps,
  presented: () => number,
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
            deps.say(`  ${seconds}${of} s, ${presented()} boards\n`);
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

/** Stops the belt, then waits (bounded) until the MES has every record. */
async function settle(demo: Demo): Promise<void> {
  demo.processes.line.send({ command: 'fault', name: 'belt-stop', on: true });
  const api = createStationApi(demo.url);
  const limit = Date.now() + 15_000;
  for (let quiet = 0; quiet < 4 && Date.now() < limit;) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    const view = await api.view();
    quiet = view.mes.pending === 0 ? quiet + 1 : 0;
  }
}

async function collect(
  demo: Demo,
  run: {
    readonly options: DemoOptions;
    readonly ledger: ReturnType<typeof createRunLedger>;
    readonly startedAt: Date;
    readonly readySeconds: number;
    readonly runSeconds: number;
  },
): Promise<RunReport> {
  const api = createStationApi(demo.url);
  const [view, records, mes] = await Promise.all([
    api.view(),
    api.partsSince(run.startedAt.getTime()),
    fetch(`${demo.mesUrl}/state`).then(
      (response) => response.json() as Promise<unknown>,
      (error: unknown) => ({ unreachable: errorMessage(error) }),
    ),
  ]);
  const { options, ledger, readySeconds, runSeconds } = run;
  const judged = ledger.judge(records);
  return runReport({
    options,
    startedAt: run.startedAt.toISOString(),
    readySeconds,
    runSeconds,
    judged,
    view,
    mes,
    records,
    parts: ledger.parts(),
  });
}
