// What a starter hands to other programs, judged by those programs or by the schemas their makers publish.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Check } from '../check.js';

interface Judge {
  readonly program: string;
  readonly files: RegExp;
  readonly args: readonly string[];
  /** Lines that are no fault of the file. */
  readonly wrong?: RegExp;
}

const judges: readonly Judge[] = [
  { program: 'hadolint', files: /(^|\/)Dockerfile$/, args: [] },
  {
    program: 'check-jsonschema',
    files: /(^|\/)([\w-]+\.)?compose\.yaml$/,
    args: ['--builtin-schema', 'vendor.compose-spec'],
  },
  {
    program: 'check-jsonschema',
    files: /(^|\/)\.github\/workflows\/[^/]+\.ya?ml$/,
    args: ['--builtin-schema', 'vendor.github-workflows'],
  },
  // It also complains of a user and a program that this machine lacks.
  { program: 'systemd-analyze', files: /\.service$/, args: ['verify'], wrong: /Unknown|Failed to parse|Invalid/i },
];

/** Beside the workshop's Python, or on the PATH. */
function find(program: string): string {
  const python = process.env['EDGE_PYTHON'];
  const beside = python === undefined ? '' : join(dirname(python), program);
  return existsSync(beside) ? beside : program;
}

/** Dockerfile, compose files, workflows and units of a starter. A missing judge is told, and fails in CI. */
export function judgeDeployment(check: Check, name: string, folder: string): void {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => !/node_modules/.test(path));
  for (const { program, files, args, wrong } of judges) {
    const found = all.filter((path) => files.test(path));
    check(`${name}: there is something for ${program} (${files.source})`, found.length > 0);
    for (const path of found) {
      const judged = spawnSync(find(program), [...args, join(folder, path)], { encoding: 'utf8' });
      if (judged.error !== undefined) {
        if (process.env['CI'] === 'true') check(`${program} is installed`, false, judged.error.message);
        else console.log(`skip ${name}: ${program} is absent, ${path} is not judged`);
        continue;
      }
      const lines = `${judged.stdout}${judged.stderr}`.split('\n');
      const faults =
        wrong === undefined ? lines.filter((line) => line !== '') : lines.filter((line) => wrong.test(line));
      const isGood = wrong === undefined ? judged.status === 0 : faults.length === 0;
      check(`${name}: ${program} takes ${path}`, isGood, isGood ? '' : faults.join('; '));
    }
  }
}
