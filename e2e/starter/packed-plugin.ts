// The packed plugin in a client's installed workspace: a model is wrapped there, and what needs a clone says so.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { poseModel } from '../../libs/blueprint-plugin/src/testing/pose-model.js';
import type { Check } from '../check.js';

const cli = 'node_modules/@edge-blueprints/inference/dist/bundle-cli.js';
const elsewhere = [
  ['target', 'toaster', '--title=Toaster'],
  ['blueprint', 'museum', '--title=Visitors', '--industry=culture', '--like=retail-analytics'],
  ['model-bundle', '--convert=pcb-defects', '--target=cpu'],
] as const;

/** @param folder a starter after `npm ci`; @param base where tarball and key are put */
export function usePackedPlugin(
  check: Check,
  root: string,
  folder: string,
  base: string,
  env: NodeJS.ProcessEnv,
): void {
  const run = (cwd: string, command: string, ...args: readonly string[]) => {
    const { status, stdout, stderr } = spawnSync(command, args, {
      ...{ cwd, encoding: 'utf8', timeout: 300_000 },
      env: { ...env, NX_DAEMON: 'false' },
    });
    return { ok: status === 0, told: `${stdout}${stderr}`.slice(-1_500) };
  };
  const nx = (...args: readonly string[]) =>
    run(
      folder,
      'npx',
      'nx',
      'g',
      `@edge-blueprints/blueprint-plugin:${args[0]}`,
      ...args.slice(1),
      '--interactive=false',
    );

  const pack = ['tools/run.mjs', 'libs/blueprint-plugin/src/preset-pack-main.ts', '--out', base, '--packs', 'never'];
  const packed = run(root, process.execPath, ...pack);
  check('the plugin is packed', packed.ok, packed.told);
  const tarball = /^\S+\.tgz$/m.exec(packed.told)?.[0] ?? '';
  const installed = run(folder, 'npm', 'install', '--no-save', tarball);
  check('the packed plugin is installed in a starter', installed.ok, installed.told);

  const trusted = ['--trusted-keys', 'bundles/trusted-keys.json'];
  const key = run(folder, process.execPath, cli, 'keygen', '--out', join(base, 'key.pem'), ...trusted);
  check('a key is made there and trusted', key.ok, key.told);
  writeFileSync(join(folder, 'pose.onnx'), Buffer.from(poseModel, 'base64'));
  const keypoints = Array.from({ length: 16 }, (_, i) => `point-${i}`);
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ keypoints, scale: 0.004, mean: [], std: [] }));
  const said = [
    '--threshold=0.4',
    '--licence=MIT',
    '--origin=a suite',
    '--trainedOn=nothing',
    '--settings=settings.json',
  ];
  const model = ['model-bundle', '--model=pose.onnx', '--out=bundles/pose', `--key=${join(base, 'key.pem')}`, ...said];
  const refused = nx(...model, '--target=hailo-8l');
  const absent = !existsSync(join(folder, 'bundles/pose'));
  check(
    'a target that cannot run a model is refused there',
    !refused.ok && absent && /SpaceToDepth/.test(refused.told),
    refused.told,
  );
  const wrapped = nx(...model, '--target=jetson-orin-nx');
  check('a model is wrapped there', wrapped.ok, wrapped.told);
  const verified = run(folder, process.execPath, cli, 'verify', 'bundles/pose', ...trusted);
  check('the bundle is one that a station of that workspace takes', verified.ok, verified.told);

  const manifest = join(folder, '.starter.json');
  const before = readFileSync(manifest, 'utf8');
  for (const args of elsewhere) {
    const other = nx(...args);
    const isTold = !other.ok && /runs in a clone of Edge Blueprints only/.test(other.told);
    check(`${args[0]} ${args[1]} says where it runs`, isTold && !existsSync(join(folder, 'blueprints')), other.told);
  }
  const station = nx('station', 'east', '--directory=.');
  check(
    'a station is added by the packed plugin',
    station.ok && readFileSync(manifest, 'utf8') !== before,
    station.told,
  );
}
