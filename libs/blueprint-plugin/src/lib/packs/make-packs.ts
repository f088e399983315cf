import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError, UsageError } from '@edge-blueprints/contracts';
import { packWorkspace } from './pack-workspace.js';
import { packFolder } from './packs.js';

/** Whatever an app, a rig or an inference node is made of; what these need comes along. */
const starterPackages = [
  '@edge-blueprints/manufacturing-inspection',
  '@edge-blueprints/retail-analytics',
  '@edge-blueprints/ward-monitoring',
  '@edge-blueprints/rigs',
];

/**
 * Builds our packages and the pages of the apps, and packs them.
 * @param when missing: unless that was done before; always; never
 * @throws ConfigError `starter.not-built` with what the compiler said
 */
export function makePacks(root: string, when: string, say: (line: string) => void): void {
  if (!['missing', 'always', 'never'].includes(when))
    throw new UsageError('starter.packs', `--packs is missing, always or never, not "${when}"`);
  const out = packFolder(root);
  if (when === 'never' || (when === 'missing' && existsSync(join(out, 'packs.json')))) return;
  say('Building the packages (some minutes the first time) ...');
  const projects = ['libs', 'apps'].flatMap((group) =>
    readdirSync(join(root, group))
      .map((name) => join(root, group, name, 'tsconfig.lib.json'))
      .filter((file) => existsSync(file)),
  );
  run(root, [join(root, 'node_modules/typescript/bin/tsc'), '-b', ...projects], root);
  for (const name of readdirSync(join(root, 'apps'))) {
    const web = join(root, 'apps', name, 'web');
    if (existsSync(web)) run(web, [join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], root);
  }
  const packed = packWorkspace(root, starterPackages, out);
  say(`${packed.length} packages packed.`);
}

function run(cwd: string, args: readonly string[], root: string): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  if (status === 0) return;
  const said = `${stdout}${stderr}`.trim().replaceAll(root, '.').slice(-2_000);
  throw new ConfigError('starter.not-built', `The packages cannot be built; correct what stands here:\n${said}`);
}
