// The store node's figures against what truly happened in the rendered store, picture by picture in its own time: the same seed
// gives the same figures. `npm run store-errors` prints them over longer runs; here they must stay near enough to act on.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { suite } from './check.js';

const minutes = process.env['EDGE_STORE_MINUTES'] ?? '3';
const errorsSchema = z.looseObject({
  frames: z.number(),
  lines: z.array(z.looseObject({ line: z.string(), counted: z.number(), truly: z.number() })).min(1),
  zones: z.array(z.looseObject({ visits: z.number(), trueVisits: z.number() })).min(1),
  queues: z.array(z.looseObject({ queue: z.string(), withinOne: z.looseObject({ value: z.number() }) })).min(1),
});

await suite('store figures', async (check) => {
  const folder = mkdtempSync(join(tmpdir(), 'store-figures-'));
  const file = join(folder, 'errors.json');
  try {
    const run = spawnSync(
      'npm',
      ['run', '--silent', 'store-errors', '--', '--minutes', minutes, '--seeds', '7', '--out', file],
      {
        cwd: join(import.meta.dirname, '..'),
        encoding: 'utf8',
      },
    );
    console.log(run.stdout);
    check('the command ends well', run.status === 0, run.status === 0 ? '' : run.stderr.slice(-600));
    const { lines, zones, queues } = errorsSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
    for (const { line, counted, truly } of lines)
      check(
        `line ${line} within 15 % or three crossings`,
        Math.abs(counted - truly) <= Math.max(3, 0.15 * truly),
        `${counted} of ${truly}`,
      );
    const sum = (key: 'visits' | 'trueVisits'): number => zones.reduce((all, zone) => all + zone[key], 0);
    const [visits, truly] = [sum('visits'), sum('trueVisits')];
    check(
      'visits of all zones within 60 % or ten: a track that breaks counts once',
      Math.abs(visits - truly) <= Math.max(10, 0.6 * truly),
      `${visits} of ${truly}`,
    );
    for (const { queue, withinOne } of queues)
      check(`queue ${queue} within one person at 85 % of moments`, withinOne.value >= 0.85, `${withinOne.value}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
