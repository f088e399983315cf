import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { errorMessage } from '@edge-blueprints/contracts';
import { defaultBundle } from '../default-bundle.js';
import { loadBenchModel } from './bench-model.js';
import type { Ratio } from './compare.js';
import { runDensityBench } from './density/density-bench.js';
import { driftStatistics } from './drift-bench.js';
import { runFleetBench } from './fleet/fleet-bench.js';
import { captureToCoil, type LineFigures, type Quantiles } from './line-bench.js';
import { endToEndOverRun, eventLoopDelay, precision } from './model-benches.js';
import { machineFloor } from './machine-floor.js';
import { outboxCommits } from './outbox-bench.js';
import { overload } from './overload-bench.js';
import { trackingAssociation } from './tracking-bench.js';
import { runWardBench } from './ward/ward-bench.js';
import { ownPostprocessing, postprocessing, preprocessing } from './vision-benches.js';

const help = `npm run bench -- [options]   ratios measured in turns in one run on this machine

  --rounds N     rounds of each comparison (default 700; p99 needs 662)
  --parts N      boards of each capture-to-coil run (default 720; 0 leaves it out)
  --rate N       boards per second of those runs (default 8)
  --only ID      only the comparisons whose id contains ID
  --bundle DIR   model bundle (default ${defaultBundle})
  --json FILE    everything as JSON too
  --help         this text

npm run bench -- density --help: cameras that one store node follows.
npm run bench -- fleet --help: a fleet of devices against Mosquitto and PostgreSQL.
npm run bench -- ward --help: from a wearable to the page of a nurse station.

Run it on an idle machine; the load average is printed because another job spoils absolute times, less so ratios.
`;

async function main(): Promise<void> {
  if (process.argv[2] === 'density') return runDensityBench(process.argv.slice(3));
  if (process.argv[2] === 'ward') return runWardBench(process.argv.slice(3));
  if (process.argv[2] === 'fleet') return runFleetBench(process.argv.slice(3));
  const { values } = parseArgs({
    options: {
      rounds: { type: 'string', default: '700' },
      parts: { type: 'string', default: '720' },
      rate: { type: 'string', default: '8' },
      only: { type: 'string', default: '' },
      bundle: { type: 'string', default: defaultBundle },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  const [rounds, parts, rate] = [Number(values.rounds), Number(values.parts), Number(values.rate)];
  if (![rounds, parts, rate].every((n) => Number.isFinite(n) && n >= 0))
    throw new RangeError('--rounds, --parts and --rate are numbers.');

  const machine = {
    cpu: cpus()[0]?.model.trim(),
    cores: availableParallelism(),
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    loadAverage: loadavg()[0],
  };
  process.stdout.write(
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, Node ${machine.node}, load ${machine.loadAverage?.toFixed(2)}\n\n`,
  );
  const model = await loadBenchModel(values.bundle, `${values.bundle}/../trusted-keys.json`);
  const benches: Readonly<Record<string, () => Promise<readonly Ratio[]>>> = {
    'end-to-end': () => endToEndOverRun(model, rounds),
    'event-loop': () => eventLoopDelay(model, rounds),
    preprocess: () => preprocessing(Math.ceil(rounds / 20)),
    postprocess: async () => [...(await postprocessing(Math.ceil(rounds / 10))), ...(await ownPostprocessing(rounds))],
    'machine-floor': () => machineFloor(model, rounds),
    'int8-time int8-bytes': () => precision(model, rounds),
    overload: () => overload(model, rounds),
    outbox: () => outboxCommits(Math.min(rounds, 400)),
    drift: () => driftStatistics(Math.ceil(rounds / 20)),
    tracking: () => trackingAssociation(Math.ceil(rounds / 20)),
  };
  const ratios: Ratio[] = [];
  for (const [id, bench] of Object.entries(benches)) {
    if (!id.includes(values.only)) continue;
    for (const ratio of await bench()) {
      ratios.push(ratio);
      process.stdout.write(`${row(ratio)}\n`);
    }
  }
  const line: LineFigures[] = [];
  for (const role of ['client', 'server'] as const) {
    if (parts === 0 || !'capture-to-coil'.includes(values.only)) continue;
    const figures = await captureToCoil(role, parts, rate, (text) => void process.stderr.write(text));
    line.push(figures);
    process.stdout.write(`\ncapture-to-coil, station as Modbus ${role}, ${figures.count} boards at ${rate}/s\n`);
    for (const [name, q] of [
      ['capture to coil', figures.captureToCoil],
      ['the model', figures.model],
      ['besides the model', figures.besidesModel],
    ] as const) {
      process.stdout.write(`  ${name.padEnd(18)} ${quantileText(q)}\n`);
    }
  }
  if (values.json !== undefined)
    await writeFile(
      values.json,
      `${JSON.stringify({ format: 'edge-bench/1', machine, ratios, captureToCoil: line }, null, 2)}\n`,
    );
}

function row({ id, what, median, minimum, aim, count, detail }: Ratio): string {
  const verdict = aim === null ? '' : median <= aim ? `, aim ${aim} met` : `, aim ${aim} MISSED`;
  return `${id.padEnd(12)} ${median.toFixed(3)} (minimum ${minimum.toFixed(3)}${verdict}; n ${count})\n             ${what}: ${detail}`;
}

function quantileText({ p50, p95, p99 }: Quantiles): string {
  const ms = (value: number | null, needed: number): string =>
    value === null ? `needs ${needed}` : `${value.toFixed(2)} ms`;
  return `p50 ${ms(p50, 1)}  p95 ${ms(p95, 59)}  p99 ${ms(p99, 662)}`;
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${errorMessage(error)}\n`);
    process.exit(1);
  },
);
