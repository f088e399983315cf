import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, errorMessage } from '@edge-blueprints/contracts';
import { lastLabelAccuracy, measureDelay, type DelayFigures } from './detection-delay.js';
import { errorDetectors } from './error-detectors.js';
import { readStream, streamFiles } from './labelled-stream.js';
import { measurePromise, type PromiseFigures } from './month-promise.js';
import { measureNull, nullTests, type NullRate } from './null-streams.js';
import { measureRuns, type RunFigures } from './run-lengths.js';
import { delayLine, delayNotes, nullLine, promiseLine, runLine, tableHeads } from './tables.js';

const help = `npm run drift -- [options]   false alarms where nothing changes, and delay where something does

  --windows N   windows of each null stream (default 100000; slow ones take a part of it)
  --samples N   samples of each run-length figure (default 1000000; 0 leaves them out)
  --stations N  stations that share the parts of the whole monitor (default 60; 0 leaves it out)
  --run N       rows between false alarms that the detectors are set to (default 10000)
  --data DIR    folder of labelled streams (default EDGE_DATA or ../shared/data, then drift-streams in it)
  --seed N      of everything (default 1)
  --json FILE   all figures as JSON too
  --help        this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      windows: { type: 'string', default: '100000' },
      samples: { type: 'string', default: '1000000' },
      stations: { type: 'string', default: '60' },
      run: { type: 'string', default: '10000' },
      data: { type: 'string', default: join(process.env['EDGE_DATA'] ?? '../shared/data', 'drift-streams') },
      seed: { type: 'string', default: '1' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  const number = (name: 'windows' | 'samples' | 'stations' | 'run' | 'seed', least: number): number => {
    const value = Number(values[name]);
    if (!(Number.isInteger(value) && value >= least))
      throw new ConfigError('demo.options', `--${name} is a whole number of at least ${least}, got ${values[name]}.`);
    return value;
  };
  const [windows, samples, stations] = [number('windows', 0), number('samples', 0), number('stations', 0)];
  const [run, seed] = [number('run', 100), number('seed', 0)];
  const say = (line: string): void => void process.stdout.write(`${line}\n`);

  const rates: NullRate[] = [];
  if (windows > 0) say(tableHeads.rates);
  for (const test of windows > 0 ? nullTests : []) {
    const measured = measureNull(test, windows, seed);
    rates.push(...measured);
    measured.forEach((rate) => say(nullLine(rate)));
  }
  const runs: RunFigures[] = [];
  if (samples > 0) say(tableHeads.runs);
  for (const figures of samples > 0 ? measureRuns(samples, run, seed) : []) {
    runs.push(figures);
    say(runLine(figures));
  }
  const promises: PromiseFigures[] = [];
  if (stations > 0) say(tableHeads.promise);
  for (const gate of stations > 0 ? [0, undefined] : []) {
    const figures = measurePromise(stations, gate, seed);
    promises.push(figures);
    say(promiseLine(figures));
  }
  const delays: DelayFigures[] = [];
  if (existsSync(values.data)) {
    say(tableHeads.delays(run));
    for (const file of streamFiles) {
      const stream = await readStream(values.data, file);
      for (const detector of [...errorDetectors(run), undefined]) {
        const figures = measureDelay(stream, detector);
        delays.push(figures);
        say(delayLine(figures));
      }
      say(delayNotes(stream.name, lastLabelAccuracy(stream)));
    }
  } else say(`\nNo labelled streams at ${values.data}: detection delay left out. Give --data or EDGE_DATA.`);
  if (values.json !== undefined)
    await writeFile(
      values.json,
      `${JSON.stringify({ windows, samples, stations, run, seed, rates, runs, promises, delays }, null, 2)}\n`,
    );
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});
