import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { readBlueprints, type Catalog } from '@edge-blueprints/blueprints';
import { sidecarFiles } from '../sidecar-files.js';
import { readStarterRecipe } from '../starter-recipe.js';
import { closure, npmPack, workspaceFolders } from './pack-workspace.js';
import { packFolder, readPacks } from './packs.js';
import { stagePackage } from './stage-package.js';

const plugin = '@edge-blueprints/blueprint-plugin';
/** With the runtime for models, which only `model-bundle` needs: the app of a starter brings it along, so that it is not there twice. */
const ofTheWorkspace = ['@edge-blueprints/inference'];

/**
 * The plugin as one tarball that stands alone: its code and templates, our packages that it runs on, and as `data/` what starters are
 * made from: blueprints, bundles, example configurations, reports, our lock file, and the tarballs of the apps.
 * @param out folder of the tarball
 * @returns its path
 * @throws ConfigError `starter.not-built`, `starter.no-packs`, `blueprints.invalid`
 */
export function packPreset(root: string, out: string): string {
  readPacks(packFolder(root));
  const folders = workspaceFolders(root);
  const folder = join(root, 'libs/blueprint-plugin');
  const stage = mkdtempSync(join(tmpdir(), 'preset-'));
  try {
    const manifest = stagePackage(folder, root, stage);
    const own = Object.keys(manifest.dependencies).filter(
      (name) => folders.has(name) && !ofTheWorkspace.includes(name),
    );
    const bundled = closure(folders, own);
    const manifests = [
      manifest,
      ...bundled.map((name) => {
        const place = join(stage, 'node_modules', name);
        mkdirSync(place, { recursive: true });
        return stagePackage(folders.get(name) ?? '', root, place);
      }),
    ];
    const wanted = manifests
      .flatMap(({ dependencies }) => Object.entries(dependencies))
      .filter(([name]) => !ofTheWorkspace.includes(name));
    for (const each of ['templates', 'schema']) cpSync(join(folder, each), join(stage, each), { recursive: true });
    cpSync(join(folder, 'generators.json'), join(stage, 'generators.json'));
    writeJson(join(stage, 'package.json'), {
      ...manifest,
      generators: './generators.json',
      dependencies: Object.fromEntries(wanted.sort(([a], [b]) => a.localeCompare(b))),
      peerDependencies: Object.fromEntries(ofTheWorkspace.map((name) => [name, manifest.dependencies[name] ?? '*'])),
      peerDependenciesMeta: Object.fromEntries(ofTheWorkspace.map((name) => [name, { optional: true }])),
      bundleDependencies: bundled,
      files: ['dist', 'schema', 'templates', 'data', 'generators.json'],
    });
    const catalog = readBlueprints(join(root, 'blueprints'));
    for (const path of sourcePaths(root, catalog)) {
      mkdirSync(dirname(join(stage, 'data', path)), { recursive: true });
      cpSync(join(root, path), join(stage, 'data', path), { recursive: true });
    }
    mkdirSync(out, { recursive: true });
    npmPack(stage, resolve(out));
    return join(out, `${plugin.slice(1).replace('/', '-')}-${manifest.version}.tgz`);
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Files and folders of the repository that generating reads. */
function sourcePaths(root: string, { blueprints }: Catalog): readonly string[] {
  const ofBlueprint = blueprints.flatMap(({ id, app, models, kpis }) => [
    app.exampleConfig,
    ...Object.keys(readStarterRecipe(root, id).copies),
    ...models.map(({ bundle }) => `models/bundles/${bundle}`),
    ...kpis.flatMap(({ result }) => (result.kind === 'report' ? [result.file] : [])),
  ]);
  const common = ['blueprints', 'models/bundles/trusted-keys.json', 'package.json', 'package-lock.json'];
  const packs = 'libs/blueprint-plugin/dist/packs';
  const sidecar = [...sidecarFiles(root).keys()].map((path) => `models/${path}`);
  return [...new Set([...common, 'tools/plan/example.json', packs, ...sidecar, ...ofBlueprint])].sort();
}

const writeJson = (file: string, value: unknown): void => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
