import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StarterChoice } from './check-options.js';
import { acceptanceRows, claimRows, securityRows, stationImage } from './documents.js';
import { integrationOptions, plainName } from './options.js';
import { packClosure, type Pack } from './packs/packs.js';
import { renderFolder, type StarterFiles, type TemplateValues } from './render-template.js';
import { engineOf, starterConfig, starterId, takesSidecar } from './starter-config.js';
import { starterLock } from './starter-lock.js';
import { templateFolder, type StarterSource } from './starter-source.js';
import { sidecarFiles } from './sidecar-files.js';
import { servedBy, targetValues } from './target-values.js';
import { allowScripts, nodeRange, starterVersion, starterVersions } from './versions.js';

/** Every file of a starter, in memory. Reads the source, writes nothing. @throws ConfigError, UsageError `starter.template` */
export function starterFiles(source: StarterSource, choice: StarterChoice): StarterFiles {
  const { root } = source;
  const { blueprint, recipe, options, targets } = choice;
  const runtime = packClosure(source.packs, [blueprint.app.package]);
  const all = packClosure(source.packs, [blueprint.app.package, ...recipe.rigs]);
  const rigs = all.filter(({ name }) => !runtime.some((pack) => pack.name === name));
  const wanted = {
    dependencies: tarballs(runtime),
    devDependencies: { ...tarballs(rigs), ...starterVersions },
  };
  const facts = {
    name: options.name,
    version: starterVersion,
    license: 'UNLICENSED',
    engines: { node: nodeRange },
  };
  const bundles = bundlesOf(choice);
  const values = { ...commonValues(source, choice), bundle: bundles[0] ?? '' };
  const files = new Map<string, Buffer>([
    ...renderFolder(join(templateFolder, 'starter'), values),
    ...renderFolder(join(root, 'blueprints', blueprint.id, 'starter/files'), values),
  ]);
  files.set('package.json', json({ ...packageJson(facts), ...wanted, allowScripts }));
  files.set('package-lock.json', json(starterLock(source.lock, all, facts, wanted)));
  for (const pack of all) files.set(`vendor/${pack.file}`, pack.bytes);
  for (const bundle of bundles) addFolder(files, root, `models/bundles/${bundle}`, `bundles/${bundle}`);
  for (const [from, to] of Object.entries(recipe.copies)) files.set(to, readFileSync(join(root, from)));
  files.set('bundles/trusted-keys.json', readFileSync(join(root, 'models/bundles/trusted-keys.json')));
  for (const target of targets) {
    const idle = engineOf(target) === 'sidecar' && !takesSidecar(root, choice);
    const of = {
      ...values,
      ...targetValues(root, target, {
        idle,
        pattern: options.pattern,
        bundle: bundles[0] ?? '',
        id: starterId(options.name),
      }),
    };
    const isServed = servedBy(target, idle, options.pattern) !== undefined;
    for (const folder of ['target', ...(isServed ? ['sidecar'] : [])])
      for (const [path, bytes] of renderFolder(join(templateFolder, folder), of)) files.set(path, bytes);
    if (isServed) for (const [path, bytes] of sidecarFiles(root)) files.set(path, bytes);
    files.set(`config/${recipe.config}.${target.entry.id}.json`, json(starterConfig(root, choice, target)));
  }
  return files;
}

/** What the starter's app runs: what its blueprint requires, else its first model. */
function bundlesOf({ blueprint }: StarterChoice): readonly string[] {
  const required = blueprint.models.filter((model) => model.required);
  return (required.length > 0 ? required : blueprint.models.slice(0, 1)).map(({ bundle }) => bundle);
}

const tarballs = (packs: readonly Pack[]): Readonly<Record<string, string>> =>
  Object.fromEntries(packs.map(({ name, file }) => [name, `file:vendor/${file}`]));

const packageJson = (facts: Readonly<Record<string, unknown>>) => ({
  ...facts,
  private: true,
  type: 'module',
  scripts: {
    start: 'nx run-many -t build --output-style=static && node apps/rig/dist/main.js',
    test: 'nx run-many -t test --output-style=static',
    build: 'nx run-many -t build --output-style=static',
  },
});

function commonValues({ catalog }: StarterSource, choice: StarterChoice): TemplateValues {
  const { blueprint, options, recipe, targets } = choice;
  const [first] = targets;
  const given = integrationOptions.filter((key) => options[key] !== undefined);
  const chosen = [
    `--blueprint ${blueprint.id}`,
    ...targets.map(({ entry }) => `--target ${entry.id}`),
    `--pattern ${options.pattern}`,
    ...given.map((key) => `--${key} ${options[key] ?? ''}`),
  ];
  const { image, note } = stationImage(blueprint, catalog);
  const pattern = blueprint.patterns.find((each) => each.pattern === options.pattern);
  return {
    name: options.name,
    id: starterId(options.name),
    folder: plainName(options.name),
    title: blueprint.title,
    summary: blueprint.summary,
    problem: blueprint.scenario.problem,
    outcome: blueprint.scenario.outcome,
    notFor: blueprint.scenario.notFor.map((line) => `- ${line}`).join('\n'),
    role: blueprint.app.role,
    appPackage: blueprint.app.package,
    config: recipe.config,
    pagePort: String(recipe.pagePort),
    health: recipe.health,
    systemPackages: recipe.systemPackages.join(' '),
    firstTarget: first?.entry.id ?? '',
    pattern: options.pattern,
    patternHow: pattern?.how ?? '',
    patternReadiness: pattern?.readiness ?? '',
    command: chosen.join(' '),
    kpiRows: acceptanceRows(blueprint, catalog),
    securityRows: securityRows(blueprint),
    claimRows: claimRows(blueprint),
    models: blueprint.models.map(({ bundle, use, limits }) => `- \`${bundle}\`: ${use}. ${limits}.`).join('\n'),
    targetRows: targets
      .map(
        ({ entry }) =>
          `| [${entry.id}](docs/targets/${entry.id}.md) | ${entry.hardware.part} | ${entry.target.readiness} |`,
      )
      .join('\n'),
    image,
    imageNote: note,
  };
}

function addFolder(files: Map<string, Buffer>, root: string, from: string, to: string): void {
  if (!existsSync(join(root, from))) return;
  for (const entry of readdirSync(join(root, from), { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(`${to}/${path.slice(join(root, from).length + 1).replaceAll('\\', '/')}`, readFileSync(path));
  }
}

const json = (value: unknown): Buffer => Buffer.from(`${JSON.stringify(value, null, 2)}\n`);
