// Every blueprint, target and pattern as a starter, in memory: configurations against the schemas of the apps, code against the
// compiler that the starter itself uses.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { checkPair, readBlueprints } from '@edge-blueprints/blueprints';
import { parseConfig } from '@edge-blueprints/contracts';
import { stationConfigSchema } from '@edge-blueprints/manufacturing-inspection';
import { storeConfigSchema } from '@edge-blueprints/retail-analytics';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { wardConfigSchema } from '../apps/ward-monitoring/src/config.js';
import { checkOptions } from '../libs/blueprint-plugin/src/lib/check-options.js';
import { starterFiles } from '../libs/blueprint-plugin/src/lib/starter-files.js';
import { stationFiles } from '../libs/blueprint-plugin/src/lib/stations/station-files.js';
import { pretendedPacks } from '../libs/blueprint-plugin/src/testing/pretended-packs.js';

const root = resolve(import.meta.dirname, '..');
const catalog = readBlueprints(join(root, 'blueprints'));
const lock: unknown = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
const source = { root, catalog, packs: pretendedPacks(root), lock };
const schemas = {
  'manufacturing-inspection': stationConfigSchema,
  'retail-analytics': storeConfigSchema,
  'ward-monitoring': wardConfigSchema,
} as const;
const needed = {
  'on-device': {},
  fog: { fogNode: 'http://10.0.0.5:8500' },
  hybrid: { broker: 'mqtts://hub.example:8883' },
} as const;

const all = catalog.blueprints.flatMap(({ id, patterns }) =>
  patterns.flatMap(({ pattern, readiness }) =>
    catalog.targets.map((target) => ({ blueprint: id, pattern, readiness, target: target.id })),
  ),
);
const optionsOf = ({ blueprint, pattern, target }: (typeof all)[number]) => ({
  name: 'acme',
  blueprint,
  pattern,
  target: [target],
  ...needed[pattern],
  ...(blueprint === 'ward-monitoring' ? { fhir: 'https://fhir.example/r4' } : {}),
});
const isPossible = ({ blueprint, target }: (typeof all)[number]): boolean =>
  checkPair(catalog.blueprint(blueprint), catalog.target(target), catalog.workspace).possible;

describe('a starter of every blueprint, target and pattern', () => {
  it.each(all)('$blueprint on $target, $pattern', (pair) => {
    if (pair.readiness === 'planned' || !isPossible(pair)) {
      expect(() => checkOptions(optionsOf(pair), catalog, root)).toThrow(/planned|cannot run/);
      return;
    }
    const choice = checkOptions(optionsOf(pair), catalog, root);
    const files = new Map([
      ...starterFiles(source, choice),
      ...stationFiles(root, choice, { name: 'second', number: 2 }),
    ]);
    const configs = [...files].filter(([path]) => /^config\/(station|store|ward)\./.test(path));
    expect(configs).toHaveLength(2);
    for (const [path, bytes] of configs) {
      const schema = Object.entries(schemas).find(([id]) => id === pair.blueprint)?.[1];
      expect(schema).toBeDefined();
      if (schema !== undefined) parseConfig<unknown>(schema, JSON.parse(bytes.toString('utf8')), path);
    }
    for (const [path, bytes] of files) {
      if (path.endsWith('.json')) JSON.parse(bytes.toString('utf8'));
      if (/^(vendor|bundles)\//.test(path)) continue;
      expect(bytes.toString('utf8'), path).not.toMatch(path.endsWith('.ts') ? /<%/ : /<%|\bundefined\b|\[object/);
    }
  });
});

describe('the code of a starter', () => {
  it.each(Object.keys(schemas))('%s compiles', { timeout: 300_000 }, (blueprint) => {
    const files = starterFiles(source, checkOptions({ name: 'acme', blueprint, target: ['cpu'] }, catalog, root));
    expect(compile(files)).toEqual([]);
  });
});

/** As `tsc` in the starter, with our packages from their sources: nothing has to be built. */
function compile(files: ReadonlyMap<string, Buffer>): readonly string[] {
  const folder = join(root, 'tools', 'starter-in-memory');
  const texts = new Map([...files].map(([path, bytes]) => [join(folder, path), bytes]));
  const base = ts.parseConfigFileTextToJson(
    'tsconfig.base.json',
    texts.get(join(folder, 'tsconfig.base.json'))?.toString() ?? '',
  );
  const { options } = ts.convertCompilerOptionsFromJson(
    { ...base.config.compilerOptions, customConditions: ['@edge-blueprints/source'], noEmit: true },
    root,
  );
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, directoryExists } = host;
  host.fileExists = (path) => texts.has(path) || fileExists(path);
  host.readFile = (path) => texts.get(path)?.toString('utf8') ?? readFile(path);
  host.directoryExists = (path) =>
    [...texts.keys()].some((file) => dirname(file).startsWith(path)) || (directoryExists?.(path) ?? false);
  host.getSourceFile = (path, languageVersion) => {
    const text = host.readFile(path);
    return text === undefined ? undefined : ts.createSourceFile(path, text, languageVersion);
  };
  const entries = [...texts.keys()].filter((path) => path.endsWith('.ts'));
  const program = ts.createProgram(entries, options, host);
  const found = entries.flatMap((path) => {
    const file = program.getSourceFile(path);
    return file === undefined
      ? []
      : [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  });
  expect(entries.length).toBeGreaterThan(4);
  return found.map(
    ({ file, messageText }) =>
      `${file?.fileName.slice(folder.length)}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`,
  );
}
