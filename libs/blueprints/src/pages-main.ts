import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorMessage } from '@edge-blueprints/contracts';
import { makePages } from './lib/pages/pages.js';
import { readBlueprints } from './lib/read-blueprints.js';

const help = `node tools/run.mjs libs/blueprints/src/pages-main.ts [--check]

  Writes docs/targets.md and, for each blueprint, README.md and architecture.svg, from the data of blueprints/.
  --check only compares: exit code 1 and the names of the pages that are not current.
`;
const root = join(import.meta.dirname, '../../..');

if (process.argv.includes('--help')) process.stdout.write(help);
else
  try {
    const pages = makePages(readBlueprints(join(root, 'blueprints')), root);
    const old = pages.filter(
      ({ file, text }) => !existsSync(join(root, file)) || readFileSync(join(root, file), 'utf8') !== text,
    );
    if (process.argv.includes('--check')) {
      for (const { file } of old)
        process.stderr.write(`${file} is not current: run node tools/run.mjs libs/blueprints/src/pages-main.ts\n`);
      process.exitCode = old.length === 0 ? 0 : 1;
    } else {
      for (const { file, text } of old) {
        writeFileSync(join(root, `${file}.partial`), text);
        renameSync(join(root, `${file}.partial`), join(root, file));
        process.stdout.write(`${file}: written\n`);
      }
    }
  } catch (error) {
    process.stderr.write(`${errorMessage(error)}\n`);
    process.exitCode = 2;
  }
