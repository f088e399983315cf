import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { ConfigError, targetSchema } from '@edge-blueprints/contracts';
import type { z } from 'zod';
import { blueprintSchema, type Blueprint } from './blueprint.js';
import { blueprintProblems, targetProblems } from './catalog-checks.js';
import { hardwareSchema } from './hardware.js';
import { unknownName } from './nearest-name.js';
import type { TargetEntry } from './pair.js';
import { problemLine, problemsOf, type Problem } from './problems.js';
import { openWorkspace, type Workspace } from './workspace.js';

/** All blueprints and targets of a folder, each with its id as the name of its folder, in the order of ids. */
export interface Catalog {
  readonly blueprints: readonly Blueprint[];
  readonly targets: readonly TargetEntry[];
  readonly workspace: Workspace;
  /** @throws ConfigError `blueprints.unknown` that lists the known ones and the nearest */
  blueprint(id: string): Blueprint;
  /** @throws ConfigError `blueprints.unknown` that lists the known ones and the nearest */
  target(id: string): TargetEntry;
}

export interface ReadOptions {
  /** The repository that the data speaks of; the folder above unless told otherwise. */
  readonly root?: string;
  /** True for data that its repository checked before it was packed: what it names (evidence, suites) need not be here. */
  readonly packed?: boolean;
}

/**
 * Reads `FOLDER/ID/blueprint.json` and `FOLDER/targets/ID/{target,hardware}.json`. A folder is all that a new industry or a
 * new target needs.
 * @throws ConfigError `blueprints.invalid` with every problem of every file: file, field, remedy
 */
export function readBlueprints(folder: string, options: ReadOptions = {}): Catalog {
  const root = resolve(options.root ?? dirname(resolve(folder)));
  const within = (path: string): string => relative(root, resolve(folder, path)) || '.';
  const problems: Problem[] = [];
  const workspace = openWorkspace(root);

  const targets = foldersOf(join(folder, 'targets'), problems, within('targets')).flatMap(
    (id): readonly TargetEntry[] => {
      const place = join('targets', id);
      const target = read(
        targetSchema,
        join(folder, place, 'target.json'),
        within(join(place, 'target.json')),
        id,
        problems,
      );
      const hardware = read(
        hardwareSchema,
        join(folder, place, 'hardware.json'),
        within(join(place, 'hardware.json')),
        id,
        problems,
      );
      if (target === undefined || hardware === undefined) return [];
      const entry = { id, target, hardware };
      if (options.packed !== true) problems.push(...targetProblems(entry, within(place), workspace));
      return [entry];
    },
  );
  const found = foldersOf(folder, problems, within('.'))
    .filter((id) => id !== 'targets')
    .map((id) => ({ id, file: within(join(id, 'blueprint.json')), at: join(folder, id, 'blueprint.json') }));
  const blueprints = found.flatMap(({ id, file, at }): readonly Blueprint[] => {
    const blueprint = read(blueprintSchema, at, file, id, problems);
    if (blueprint === undefined) return [];
    if (options.packed !== true) problems.push(...blueprintProblems(blueprint, file, targets, workspace));
    return [blueprint];
  });
  if (problems.length > 0) {
    const lines = problems.map(problemLine);
    throw new ConfigError('blueprints.invalid', `${lines.length} problem(s) in ${within('.')}\n${lines.join('\n')}`, {
      context: { problems: lines },
    });
  }
  return {
    blueprints,
    targets,
    workspace,
    blueprint: (id) => find('blueprint', blueprints, id),
    target: (id) => find('target', targets, id),
  };
}

function find<T extends { readonly id: string }>(kind: string, list: readonly T[], id: string): T {
  const found = list.find((each) => each.id === id);
  if (found !== undefined) return found;
  throw new ConfigError(
    'blueprints.unknown',
    unknownName(
      kind,
      id,
      list.map((each) => each.id),
    ),
  );
}

function foldersOf(folder: string, problems: Problem[], shown: string): readonly string[] {
  if (!existsSync(folder)) {
    problems.push({
      file: shown,
      field: '',
      message: 'there is no such folder; name the one that holds the blueprints',
    });
    return [];
  }
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function read<T extends { readonly id: string }>(
  schema: z.ZodType<T>,
  at: string,
  file: string,
  id: string,
  problems: Problem[],
): T | undefined {
  const tell = (field: string, message: string): undefined => void problems.push({ file, field, message });
  if (!existsSync(at)) return tell('', 'is missing; write it, or remove its folder');
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(at, 'utf8'));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return tell('', `is not JSON (${error.message}); correct it`);
  }
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    problems.push(...problemsOf(parsed.error, file, input));
    return undefined;
  }
  if (parsed.data.id !== id) return tell('id', `is "${parsed.data.id}" but the folder is "${id}"; they must agree`);
  return parsed.data;
}
