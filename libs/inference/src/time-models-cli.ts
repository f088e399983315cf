import './lib/onnxruntime/no-telemetry.js';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { EdgeError, UsageError, createRandom, errorMessage } from '@edge-blueprints/contracts';
import type { Tensors } from '@edge-blueprints/contracts';
import * as ort from 'onnxruntime-node';
import { timeInTurns, type RunTimes } from './lib/onnxruntime/interleaved-timing.js';
import { optimisedModel } from './lib/onnxruntime/optimised-model.js';
import { createSession, runSession, sessionTensors } from './lib/onnxruntime/ort-session.js';
import { allocateTensors } from './lib/tensor-buffers.js';

const help = `Times ONNX files against each other: one interleaved run in Node, one thread, no spinning, each optimised for this
machine as the station does it.

  node tools/run.mjs libs/inference/src/time-models-cli.ts --from FOLDER --out FILE [options] [NAME=FILE ...]

  --from FOLDER     every FOLDER/STEP/fp32.onnx and int8.onnx, named STEP/fp32 and STEP/int8
  --reference NAME  what the ratios are against (default base/fp32)
  --rounds N        timed runs of each model (default 700; p99 needs 662)
  --gap-ms N        pause before each run, as a camera leaves one (default 2)
  --out FILE        the figures as JSON
  --help            this text

Run it on an idle machine. Exit code: 0 done, 1 failed, 2 wrong use.
`;
const setting = { threads: 1, spinning: false } as const;

interface Source {
  readonly name: string;
  readonly file: string;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: {
      from: { type: 'string' },
      reference: { type: 'string', default: 'base/fp32' },
      rounds: { type: 'string', default: '700' },
      'gap-ms': { type: 'string', default: '2' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) return void process.stdout.write(help);
  const sources = [...(values.from === undefined ? [] : await stepFiles(values.from)), ...positionals.map(named)];
  const rounds = whole('rounds', values.rounds);
  const gapMs = whole('gap-ms', values['gap-ms']);
  if (!sources.some(({ name }) => name === values.reference)) {
    const known = sources.map(({ name }) => name).join(', ');
    throw usage(`--reference ${values.reference} is none of the models: ${known === '' ? 'there are none' : known}`);
  }

  const scratch = await mkdtemp(join(tmpdir(), 'edge-time-models-'));
  const loadAverage = loadavg()[0] ?? 0;
  try {
    const models: Awaited<ReturnType<typeof loadModel>>[] = [];
    for (const source of sources) models.push(await loadModel(source, scratch));
    const times = await timeInTurns(models, {
      rounds,
      warmUp: 10,
      reference: values.reference,
      nowMs: () => performance.now(),
      rest: () => new Promise((resolve) => setTimeout(resolve, gapMs)),
      onRound: (round) => {
        if (round % 100 === 0) process.stderr.write(`${round} of ${rounds} rounds\n`);
      },
    });
    for (const model of models) await model.release();
    print(times);
    if (values.out === undefined) return;
    const report = {
      machine: { cpu: cpus()[0]?.model.trim() ?? 'unknown', cores: availableParallelism(), node: process.version },
      runtime: `onnxruntime ${ort.env.versions.node ?? ort.env.versions.common}`,
      loadAverage: { before: loadAverage, after: loadavg()[0] ?? 0 },
      rounds,
      gapMs,
      ...setting,
      reference: values.reference,
      models: times.map((time, i) => ({ ...time, bytes: models[i]?.bytes, sha256: models[i]?.sha256 })),
    };
    await writeFile(`${values.out}.next`, `${JSON.stringify(report, null, 1)}\n`);
    await rename(`${values.out}.next`, values.out);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** Sessions are made from the optimised copy, as the station's worker does. The picture is two-valued and seeded. */
async function loadModel({ name, file }: Source, scratch: string) {
  const bytes = await readFile(file);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const { source } = await optimisedModel(join(scratch, `${sha256}.ort`), bytes, async (target) => {
    const made = await createSession({ bytes, optimised: false }, { provider: 'cpu', setting, writeTo: target });
    await made.release();
  });
  const session = await createSession(source, { provider: 'cpu', setting });
  const inputs = allocateTensors(sessionTensors(session).inputs);
  fillWithBlocks(inputs);
  return {
    name,
    sha256,
    bytes: bytes.length,
    run: () => runSession(session, inputs),
    release: () => session.release(),
  };
}

function fillWithBlocks(inputs: Tensors): void {
  const random = createRandom(1);
  for (const { data } of Object.values(inputs)) {
    if (!(data instanceof Uint8Array)) continue;
    for (let at = 0; at < data.length; at += 16) data.fill(random.next() < 0.5 ? 0 : 255, at, at + 16);
  }
}

async function stepFiles(folder: string): Promise<readonly Source[]> {
  const steps = await readdir(folder, { withFileTypes: true });
  const found: Source[] = [];
  for (const step of steps.filter((entry) => entry.isDirectory()).sort((a, b) => a.name.localeCompare(b.name))) {
    for (const precision of ['fp32', 'int8']) {
      const file = join(folder, step.name, `${precision}.onnx`);
      if (await stat(file).catch(() => undefined)) found.push({ name: `${step.name}/${precision}`, file });
    }
  }
  return found;
}

function named(argument: string): Source {
  const [name, file, ...rest] = argument.split('=');
  if (name === undefined || file === undefined || rest.length > 0 || name === '' || file === '')
    throw usage(`"${argument}" is not NAME=FILE`);
  return { name, file };
}

function whole(option: string, text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw usage(`--${option} must be a whole number, got "${text}"`);
  return Number(text);
}

function usage(message: string): UsageError {
  return new UsageError('infer.timing-usage', `${message}; see --help`);
}

function print(times: readonly RunTimes[]): void {
  const width = Math.max(...times.map(({ name }) => name.length));
  console.log(`${'model'.padEnd(width)}   min ms   p50 ms   p95 ms   p99 ms   ratio min   ratio p50`);
  for (const { name, minMs, p50Ms, p95Ms, p99Ms, ratio } of times) {
    const ms = [minMs, p50Ms, p95Ms, p99Ms]
      .map((value) => (value === null ? '-' : value.toFixed(2)).padStart(9))
      .join('');
    console.log(
      `${name.padEnd(width)}${ms}${ratio.min.toFixed(3).padStart(12)}${ratio.median.toFixed(3).padStart(12)}`,
    );
  }
}

main().catch((error: unknown) => {
  console.error(errorMessage(error));
  const parseError = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
  process.exitCode = parseError || error instanceof UsageError ? 2 : 1;
  if (!(error instanceof EdgeError) && !parseError && error instanceof Error) console.error(error.stack);
});
