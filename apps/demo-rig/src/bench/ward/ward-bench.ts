import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { parseConfig } from '@edge-blueprints/contracts';
import { createLatencyHistogram, type LatencySnapshot } from '@edge-blueprints/pipeline';
import { z } from 'zod';
import { runWard, type WardRunFigures } from './ward-run.js';

const help = `npm run bench -- ward [options]   a ward's gateway, wearables over MQTT and a nurse station in Chromium, as processes

  --patients N       200
  --seconds N        how long alarms are told one by one (600)
  --crossings N      limits crossed a minute (80); nine of ten sound
  --burst N          patients who cross a limit together after that (200; 0 leaves it out); wearables average, so that
                     about a quarter of them cross in the same second
  --more LIST        further numbers of patients, measured for --more-seconds each (50,100,400; none leaves them out)
  --more-seconds N   60
  --wards N          wards of --patients each, on paper (20)
  --fhir on|off      with the embedded FHIR server, and every resource written to it (on)
  --seed N           7
  --json FILE        everything as JSON too
  --help             this text

Each patient sends pulse, SpO2 and a batch of acceleration a second and respiration each ten: 3.1 messages. Measured is the time from
the moment in which the rig sent the first sample beyond a limit to the moment in which the page confirms the alarm, two animation
frames after it was drawn; delays of alarms are set to 0. p99 is printed from 662 on. Run it on an idle machine.
`;

const optionsSchema = z.strictObject({
  patients: z.coerce.number().int().min(1).max(400).default(200),
  seconds: z.coerce.number().int().min(10).max(86_400).default(600),
  crossings: z.coerce.number().min(1).max(600).default(80),
  burst: z.coerce.number().int().min(0).max(400).default(200),
  more: z
    .string()
    .regex(/^(none|\d+(,\d+)*)$/, 'none, or numbers separated by commas')
    .default('50,100,400')
    .transform((text) => (text === 'none' ? [] : text.split(',').map(Number)))
    .refine((list) => list.every((n) => n >= 1 && n <= 400), 'a gateway takes 1 to 400 beds'),
  'more-seconds': z.coerce.number().int().min(10).max(3_600).default(60),
  wards: z.coerce.number().int().min(1).max(1_000).default(20),
  fhir: z.enum(['on', 'off']).default('on'),
  seed: z.coerce.number().int().min(0).max(2_000_000).default(7),
  json: z.string().min(1).optional(),
});

export async function runWardBench(argv: readonly string[]): Promise<void> {
  const { help: wantsHelp, ...given } = parseArgs({
    args: [...argv],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      ...Object.fromEntries(Object.keys(optionsSchema.shape).map((name) => [name, { type: 'string' } as const])),
    },
  }).values;
  if (wantsHelp === true) return void process.stdout.write(help);
  const options = parseConfig(optionsSchema, given, 'the command line (npm run bench -- ward --help)');
  const { patients, seconds, crossings: crossingsPerMinute, burst, fhir, seed } = options;
  const say = (text: string): void => void process.stderr.write(text);
  const machine = `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}`;
  process.stdout.write(`${machine}, load ${loadavg()[0]?.toFixed(2)}\n`);
  const figures = [await runWard({ patients, seconds, crossingsPerMinute, burst, fhir, seed }, say)];
  process.stdout.write(figures.map(runText).join(''));
  for (const further of options.more) {
    const more = { patients: further, seconds: options['more-seconds'], crossingsPerMinute, burst: 0, fhir, seed };
    const next = await runWard(more, say);
    figures.push(next);
    process.stdout.write(runText(next));
  }
  process.stdout.write(planText(figures, options.wards));
  if (options.json !== undefined)
    await writeFile(options.json, `${JSON.stringify({ format: 'edge-ward-bench/1', machine, options, figures })}\n`);
}

function runText({ options, messagesPerS, paints, waiting, burst, tape, gateway, rig, fhir }: WardRunFigures): string {
  const rows: readonly (readonly [string, string])[] = [
    ['sample beyond the limit to painted', latencyText(paints.latenciesMs)],
    ['  not painted, painted without a tile', `${paints.missed.length}, ${paints.unseen}`],
    ['  painted twice, events that came twice', `${tape.doubled}, ${tape.repeats} (${tape.resent} sent again)`],
    ['sample to silent notice on the tile', `${latencyText(waiting.latenciesMs)}, not shown ${waiting.missed.length}`],
    ['samples made, lost, duplicate, refused', `${tape.made}, ${tape.lost + tape.unsent}, ${tape.duplicates}, ${tape.rejected}`],
    ['gateway', `${gateway.cores.toFixed(2)} cores, ${gateway.rssMiB.toFixed(0)} MiB (most ${gateway.rssMaxMiB.toFixed(0)}), slope ${slopeText(gateway.rssSlopeMiBPerHour)}, files ${gateway.openFilesFirst} to ${gateway.openFilesLast}`],
    ['  heap that it keeps, first and last third', `${tape.heapFloorMiB.map((mib) => mib.toFixed(0)).join(' and ')} MiB`],
    ['  longest stall, stalls over 200 ms', `${tape.stallMs} ms, ${tape.stallsOver200}`],
    ['page', `${tape.tiles} tiles, longest task ${tape.longestTaskMs} ms, heap ${tape.heapMiB.toFixed(0)} MiB`],
    ['rig', `${rig.cores.toFixed(2)} cores, ${rig.rssMiB.toFixed(0)} MiB, latest second made ${tape.rigLateMs} ms late`],
    ...(fhir === undefined
      ? []
      : ([['FHIR server', `${fhir.load.cores.toFixed(2)} cores, ${fhir.load.rssMiB.toFixed(0)} MiB, ${fhir.waiting} resources wait`]] as const)),
    ...(burst === undefined
      ? []
      : ([
          [
            `burst, ${burst.densestSecond} crossings in one second`,
            `${latencyText(burst.paints.latenciesMs)}, not painted ${burst.paints.missed.length}, flood ${burst.floodShown ? 'said' : 'NOT SAID'}, at the top ${burst.primary ?? 'nothing'}`,
          ],
        ] as const)),
    ...tape.problems.map((text) => ['fault of the page', text] as const),
  ]; // prettier-ignore
  const head = `\n${options.patients} patients, ${options.seconds} s, ${messagesPerS.toFixed(0)} messages/s, ${tape.alarmEvents} alarm events painted\n`;
  return head + rows.map(([name, text]) => `  ${name.padEnd(42)} ${text}\n`).join('');
}

/** A ward is a process that shares nothing with another: processor time and memory add up. */
function planText(figures: readonly WardRunFigures[], wards: number): string {
  const sorted = [...figures].sort((a, b) => a.options.patients - b.options.patients);
  const rows = sorted.map(
    ({ options: { patients }, messagesPerS, gateway }) =>
      `  ${String(patients).padStart(8)}  ${messagesPerS.toFixed(0).padStart(10)}  ${gateway.cores.toFixed(2).padStart(5)}  ${((1_000 * gateway.cores) / Math.max(1, messagesPerS)).toFixed(3).padStart(14)}  ${gateway.rssMaxMiB.toFixed(0).padStart(5)}`,
  );
  const [first] = figures;
  const { patients = 0 } = first?.options ?? {};
  const [cores, mib] = [wards * (first?.gateway.cores ?? 0), wards * (first?.gateway.rssMaxMiB ?? 0)];
  return [
    '\n  patients  messages/s  cores  ms CPU/message    MiB',
    ...rows,
    `\nOn paper, ${wards} wards of ${patients} (${wards * patients} patients) as ${wards} processes: ${cores.toFixed(1)} cores and ${(mib / 1_024).toFixed(1)} GiB; at no more than 70 % of a machine that is ${Math.ceil(cores / 0.7)} cores\n`,
  ].join('\n');
}

function latencyText(latenciesMs: readonly number[]): string {
  const histogram = createLatencyHistogram();
  for (const ms of latenciesMs) histogram.record(ms);
  const { count, p50Ms, p95Ms, p99Ms, maxMs }: LatencySnapshot = histogram.snapshot();
  const ms = (value: number | null, needed: number): string =>
    value === null ? `needs ${needed}` : `${value.toFixed(0)} ms`;
  return `p50 ${ms(p50Ms, 1)}, p95 ${ms(p95Ms, 59)}, p99 ${ms(p99Ms, 662)}, max ${ms(maxMs, 1)}, n ${count}`;
}

const slopeText = (mib: number | null): string => (mib === null ? 'unknown' : `${mib.toFixed(1)} MiB/h`);
