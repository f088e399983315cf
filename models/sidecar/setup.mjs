#!/usr/bin/env node
// `node models/sidecar/setup.mjs` makes models/sidecar/.venv from requirements.lock. An environment of its own: the workshop is held
// to another ONNX Runtime, with which its INT8 files come out byte for byte.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const venv = join(here, '.venv');
const inVenv = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];

function refuse(message) {
  console.error(`refused: ${message}`);
  process.exit(2);
}

function run(command, args) {
  const done = spawnSync(command, args, { stdio: 'inherit' });
  if (done.error) refuse(`${command} cannot be run: ${done.error.message}`);
  if (done.status !== 0) process.exit(done.status ?? 1);
}

const python = ['python3.11', 'python3.12', 'python3'].find(
  (candidate) => spawnSync(candidate, ['--version'], { stdio: 'ignore' }).status === 0,
);
if (python === undefined) refuse('no Python was found; install Python 3.11');
run(python, ['-m', 'venv', venv]);
const lock = join(here, 'requirements.lock');
run(join(venv, ...inVenv), ['-m', 'pip', 'install', '-q', '--require-virtualenv', '--require-hashes', '-r', lock]);
console.log(`${venv} is ready; the sidecar runs offline`);
