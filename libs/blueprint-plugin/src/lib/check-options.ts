import { builtinModules } from 'node:module';
import {
  checkPair,
  nearestName,
  unknownName,
  type Blueprint,
  type Catalog,
  type TargetEntry,
} from '@edge-blueprints/blueprints';
import { ConfigError, parseConfig } from '@edge-blueprints/contracts';
import { integrationOptions, starterOptionsSchema, type IntegrationOption, type StarterOptions } from './options.js';
import { readStarterRecipe, type StarterRecipe } from './starter-recipe.js';

export interface TargetChoice {
  readonly entry: TargetEntry;
  /** Route of the model that the starter runs; `processor` where it needs no accelerator. */
  readonly route: string;
  readonly warnings: readonly string[];
}

/** Options that fit together, with what the catalogue says of them. */
export interface StarterChoice {
  readonly options: StarterOptions;
  readonly blueprint: Blueprint;
  readonly recipe: StarterRecipe;
  readonly targets: readonly TargetChoice[];
}

const packageName = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const reserved = ['node_modules', 'favicon.ico', ...builtinModules];

/**
 * Holds options against the catalogue.
 * @throws ConfigError `starter.options` with every problem, each with the known values and the nearest
 */
export function checkOptions(input: unknown, catalog: Catalog, root: string): StarterChoice {
  const options = parseConfig(starterOptionsSchema, input, 'the options of client-starter');
  const problems = [...nameProblems(options.name)];
  const blueprint = find('blueprint', catalog.blueprints, options.blueprint, problems);
  const recipe = blueprint && readStarterRecipe(root, blueprint.id);
  const entries = [...new Set(options.target)].flatMap((id) => find('target', catalog.targets, id, problems) ?? []);
  if (blueprint !== undefined && recipe !== undefined) {
    problems.push(
      ...patternProblems(blueprint, recipe, options),
      ...integrationProblems(recipe, blueprint.id, options),
    );
  }
  const targets = entries.map((entry) => chooseRoute(entry, blueprint, catalog, problems));
  if (problems.length > 0 || blueprint === undefined || recipe === undefined) {
    throw new ConfigError(
      'starter.options',
      `${problems.length} problem(s):\n${problems.map((p) => `- ${p}`).join('\n')}`,
      {
        context: { problems },
      },
    );
  }
  return { options: { ...recipe.defaults, ...options }, blueprint, recipe, targets };
}

function nameProblems(name: string): readonly string[] {
  const usable = packageName.test(name) && name.length <= 214 && !reserved.includes(name);
  if (usable) return [];
  return [`name: "${name}" is no npm package name; use lower-case letters, digits and dashes, such as "acme-line-3"`];
}

function find<T extends { readonly id: string }>(
  kind: 'blueprint' | 'target',
  list: readonly T[],
  id: string,
  problems: string[],
): T | undefined {
  const found = list.find((each) => each.id === id);
  if (found === undefined) {
    const known = list.map((each) => each.id);
    problems.push(`${kind}: ${unknownName(kind, id, known)}`);
  }
  return found;
}

function patternProblems(blueprint: Blueprint, recipe: StarterRecipe, options: StarterOptions): readonly string[] {
  const { pattern } = options;
  const built = blueprint.patterns.filter(({ readiness }) => readiness !== 'planned').map((each) => each.pattern);
  const found = blueprint.patterns.find((each) => each.pattern === pattern);
  const known = `known for ${blueprint.id} are ${built.join(', ')}`;
  if (found === undefined) {
    const near = nearestName(pattern, built);
    return [`pattern: there is no "${pattern}"; ${near === undefined ? '' : `did you mean "${near}"? `}${known}`];
  }
  if (found.readiness === 'planned')
    return [`pattern: "${pattern}" is planned for ${blueprint.id}, not built; ${known}`];
  const missing = (recipe.needs[found.pattern] ?? []).filter(
    (each) => options[each] === undefined && recipe.defaults[each] === undefined,
  );
  return missing.map((each) => `${each}: the pattern ${pattern} cannot go without it; give --${each}`);
}

function integrationProblems(recipe: StarterRecipe, blueprint: string, options: StarterOptions): readonly string[] {
  const taken = Object.keys(recipe.options);
  return integrationOptions.flatMap((each) => {
    const value = options[each];
    const rule = recipe.options[each];
    if (value === undefined) return [];
    if (rule === undefined)
      return [`${each}: the blueprint ${blueprint} has nothing for it; it takes ${taken.join(', ') || 'no options'}`];
    if (each === 'fogNode' && options.pattern !== 'fog')
      return [`fogNode: goes with the pattern fog, and "${options.pattern}" was chosen; leave it out`];
    return valueProblems(each, value, rule);
  });
}

function valueProblems(
  option: IntegrationOption,
  value: string,
  rule: NonNullable<StarterRecipe['options'][IntegrationOption]>,
): readonly string[] {
  if ('oneOf' in rule)
    return rule.oneOf.includes(value) ? [] : [`${option}: ${unknownName('value', value, rule.oneOf)}`];
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !rule.address.includes(url.protocol) || url.hostname === '')
    return [
      `${option}: "${value}" is no address; use ${rule.address.map((scheme) => `${scheme}//HOST:PORT`).join(' or ')}`,
    ];
  if (url.username !== '' || url.password !== '')
    return [`${option}: the address holds a user or password, which would stand in a file; leave them out`];
  return [];
}

/** An impossible pair (an operator that the target lacks, a model too large) is refused before anything is written. */
function chooseRoute(
  entry: TargetEntry,
  blueprint: Blueprint | undefined,
  catalog: Catalog,
  problems: string[],
): TargetChoice {
  if (blueprint === undefined) return { entry, route: '', warnings: [] };
  const { possible, models } = checkPair(blueprint, entry, catalog.workspace);
  const [main] = models;
  if (!possible) {
    const refused = models.filter(({ route }) => route === null);
    const why = refused.map(({ bundle, refusals }) => `${bundle}: ${refusals.join('; ')}`).join('. ');
    const others = catalog.targets.filter(({ id }, i, all) => {
      const other = all[i];
      return id !== entry.id && other !== undefined && checkPair(blueprint, other, catalog.workspace).possible;
    });
    problems.push(
      `target: ${entry.id} cannot run ${blueprint.id}. ${why}. Targets that can: ${others.map(({ id }) => id).join(', ') || 'none'}`,
    );
  }
  return { entry, route: main?.route ?? '', warnings: main?.warnings ?? [] };
}
