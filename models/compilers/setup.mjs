#!/usr/bin/env node
// One environment a compiler, because TensorFlow and TVM must not enter the training environment:
// `node models/compilers/setup.mjs --compiler NAME` makes models/compilers/.venv/NAME from models/compilers/NAME.lock.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));

function refuse(message) {
  console.error(`refused: ${message}`);
  process.exit(2);
}

function run(command, args) {
  const done = spawnSync(command, args, { stdio: 'inherit' });
  if (done.error) refuse(`${command} cannot be run: ${done.error.message}`);
  if (done.status !== 0) process.exit(done.status ?? 1);
}

const known = readdirSync(here)
  .filter((name) => name.endsWith('.lock'))
  .map((name) => name.slice(0, -'.lock'.length));
const args = process.argv.slice(2).flatMap((argument) => argument.split('='));
const name = args[args.indexOf('--compiler') + 1];
if (!args.includes('--compiler') || !known.includes(name)) {
  refuse(`--compiler must name one of ${known.join(', ')}; it is ${name ?? 'missing'}`);
}
const python =
  process.env.EDGE_PYTHON ??
  ['python3.11', 'python3'].find((candidate) => spawnSync(candidate, ['--version'], { stdio: 'ignore' }).status === 0);
if (python === undefined) refuse('no Python was found; install Python 3.11 or name one in EDGE_PYTHON');
const venv = join(here, '.venv', name);
const inVenv = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
run(python, ['-m', 'venv', venv]);
run(join(venv, ...inVenv), ['-m', 'pip', 'install', '--require-virtualenv', '-r', join(here, `${name}.lock`)]);
console.log(`${venv} is ready; compile runs offline`);
