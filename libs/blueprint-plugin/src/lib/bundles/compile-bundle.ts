import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';

/** The interpreter that `models/run.mjs` takes. @throws ConfigError `model-bundle.no-python` */
export function requirePython(root: string, named: string | undefined): void {
  const inVenv = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';
  if (named !== undefined ? existsSync(named) : existsSync(join(root, 'models/.venv', inVenv))) return;
  throw new ConfigError(
    'model-bundle.no-python',
    `A conversion needs the Python of models/, and ${named === undefined ? 'models/.venv' : `EDGE_PYTHON (${named})`} is not there: run npx nx run models:setup once, or name an interpreter in EDGE_PYTHON. Wrapping (--model) needs none.`,
  );
}

/** `models:compile` of one bundle for one target; its own output goes to the terminal. @throws ConfigError `model-bundle.compile` */
export function compileBundle(root: string, bundle: string, target: string): void {
  const args = [join(root, 'models/run.mjs'), 'compile', '--model', bundle, '--target', target];
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0)
    throw new ConfigError(
      'model-bundle.compile',
      `models:compile --model ${bundle} --target ${target} ended with ${status ?? 'a signal'}; what stands above says why.`,
    );
}
