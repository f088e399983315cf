#!/usr/bin/env node
// Runs a verb of the training workshop with its Python: `node models/run.mjs VERB --model NAME ...`; `setup` makes the environment.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const models = dirname(fileURLToPath(import.meta.url));
const repository = dirname(models);
const inVenv = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
const venv = join(models, '.venv');

/** Runs to the end and passes the exit code on. */
function run(command, args) {
  const env = { ...process.env, PYTHONPATH: models, PYTHONUNBUFFERED: '1' };
  const done = spawnSync(command, args, { stdio: 'inherit', cwd: repository, env });
  if (done.error) {
    console.error(`refused: ${command} cannot be run: ${done.error.message}`);
    process.exit(2);
  }
  if (done.status !== 0) process.exit(done.status ?? 1);
}

function firstThatRuns(candidates) {
  return candidates.find((candidate) => spawnSync(candidate, ['--version'], { stdio: 'ignore' }).status === 0);
}

function setup() {
  const python = process.env.EDGE_PYTHON ?? firstThatRuns(['python3.11', 'python3.12', 'python3', 'python']);
  if (python === undefined) {
    console.error('refused: no Python was found; install Python 3.11 or name one in EDGE_PYTHON');
    process.exit(2);
  }
  run(python, ['-m', 'venv', venv]);
  run(join(venv, ...inVenv), ['-m', 'pip', 'install', '--require-virtualenv', '-r', join(models, 'requirements.lock')]);
  console.log(`${venv} is ready; everything else runs offline`);
}

const [verb, ...rest] = process.argv.slice(2);
if (verb === 'setup' && rest.some((argument) => argument.split('=')[0] === '--compiler')) {
  run(process.execPath, [join(models, 'compilers', 'setup.mjs'), ...rest]);
} else if (verb === 'setup') {
  setup();
} else {
  const python = process.env.EDGE_PYTHON ?? join(venv, ...inVenv);
  if (!process.env.EDGE_PYTHON && !existsSync(python)) {
    console.error(
      `refused: ${python} is not there; run "npx nx run models:setup" once, or name an interpreter in EDGE_PYTHON`,
    );
    process.exit(2);
  }
  run(python, ['-m', 'workshop', ...(verb === undefined ? [] : [verb]), ...rest]);
  // docs/targets.md tells what the report of a compilation says.
  if (verb === 'compile' && !rest.includes('--help') && !rest.includes('--no-report')) {
    run(process.execPath, [join(repository, 'tools/run.mjs'), join(repository, 'libs/blueprints/src/pages-main.ts')]);
  }
}
