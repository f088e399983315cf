// Scores the trackers of libs/vision with its own MOTA, IDF1 and HOTA on public sequences, beside known figures.
import { rename, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, errorMessage } from '@edge-blueprints/contracts';
import { checkLines, fragmentationLine, scoreRow, tableHead, tableLine } from './mot/score-row.js';
import { readSequence, scoreSequence, sequenceFolders, type ReportedRow, type Sequence } from './mot/sequence.js';
import { runTracker, trackerRuns } from './mot/tracker-runs.js';

const help = `npm run mot-score -- [options]   trackers and scorer against published figures

  --data DIR    folder with mot15-tud and mot17 (default EDGE_DATA or ../shared/data)
  --json FILE   all rows and comparisons as JSON too
  --help        this text

A sequence that is not there is left out. Exit code 1 where a figure that must match its source to the last printed
digit does not, and where there is no sequence at all.
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: process.env['EDGE_DATA'] ?? '../shared/data' },
      json: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  const rows: ReportedRow[] = [];
  say(tableHead);
  for (const { folder, names } of sequenceFolders) {
    for (const name of names) {
      const sequence = await readSequence(join(resolve(values.data), folder), name);
      if (sequence === undefined) say(`${name.padEnd(16)}left out: not in ${join(values.data, folder)}`);
      for (const row of sequence === undefined ? [] : scoreSequence(sequence)) {
        rows.push(row);
        say(tableLine(row));
        checkLines(row.checks).forEach(say);
      }
      if (sequence?.name === 'TUD-Stadtmitte') lowerRates(sequence).forEach(say);
    }
  }
  if (rows.length === 0)
    throw new ConfigError('vision.mot-data', `No sequence under ${values.data}. Give --data or EDGE_DATA.`);

  say('\nFragmentation: ids are not people');
  for (const run of ['published file', ...trackerRuns.map(({ name }) => name)])
    say(
      fragmentationLine(
        run,
        rows.filter((row) => row.run === run),
      ),
    );
  say('');
  for (const { name, about } of trackerRuns) say(`${name.padEnd(10)} ${about}`);
  say('Tracked distractors of MOT17 are dropped first; "all boxes" counts them as false positives, as its source did.');

  const required = rows.flatMap(({ checks }) => checks).filter((check) => check.required);
  const differing = required.filter(({ matches }) => !matches);
  say(`\n${required.length - differing.length} of ${required.length} required figures match to the last digit.`);
  if (values.json !== undefined) {
    await writeFile(`${values.json}.part`, `${JSON.stringify({ format: 'edge-mot-score/1', rows }, null, 2)}\n`);
    await rename(`${values.json}.part`, values.json);
  }
  if (differing.length > 0) process.exitCode = 1;
}

/** Every n-th frame of a clip, with the limits in seconds that the trackers have by default. */
function lowerRates({ name, framesPerS, truth, detections }: Sequence): string[] {
  const lines = [1, 2, 3, 5, 8].map((every) => {
    const kept = truth.filter(({ frame }) => (frame - 1) % every === 0);
    const cells = (['sort', 'byte', 'oc-sort'] as const).map((kind) => {
      const result = runTracker({ kind, warmStart: true }, detections, framesPerS, every);
      const { figures } = scoreRow(name, kind, kept, result);
      return `${kind} ${figures['MOTA']?.toFixed(1)} / ${figures['IDF1']?.toFixed(1)}`;
    });
    return `    at ${(framesPerS / every).toFixed(1)} frames per second: ${cells.join(', ')}`;
  });
  return [`  ${name} with default options (seconds, not frames), MOTA / IDF1`, ...lines];
}

main().catch((error: unknown) => {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
});
