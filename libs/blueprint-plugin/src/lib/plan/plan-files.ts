import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { unknownName, type Catalog } from '@edge-blueprints/blueprints';
import { ConfigError, errorMessage } from '@edge-blueprints/contracts';
import { makePlan, parsePlan, planReport } from '@edge-blueprints/sizing';
import { createFolderTarget } from '../folder-target.js';
import { factsOfTargets } from './facts-of-target.js';

/** A plan to start from; its prices are made up, and the report says so. */
export const examplePlan = (root: string): string => join(root, 'tools/plan/example.json');

/**
 * Works the plan of a file out on the data of `catalog`.
 * @returns what stands in plan-input.json, plan-result.json and plan.html, by name
 * @throws ConfigError `plan.no-file`, `plan.no-json`, `plan.invalid`
 */
export function planFiles(file: string, catalog: Catalog): ReadonlyMap<string, string> {
  const text = readPlanFile(file);
  const input = parsePlan(jsonOf(text, file), basename(file), {
    blueprints: catalog.blueprints.map(({ id }) => id),
    targets: catalog.targets.map(({ id }) => id),
    unknownName,
  });
  const plan = makePlan(input, factsOfTargets(catalog, input));
  return new Map([
    ['plan-input.json', text],
    ['plan-result.json', `${JSON.stringify(plan, null, 2)}\n`],
    ['plan.html', planReport(plan)],
  ]);
}

/** `planFiles` into a folder. Everything is worked out before the first file is written. @returns the files */
export function writePlan(file: string, folder: string, catalog: Catalog): readonly string[] {
  const files = planFiles(file, catalog);
  const target = createFolderTarget(folder);
  for (const [name, text] of files) target.write(name, Buffer.from(text));
  target.flush();
  return [...files.keys()].map((name) => join(folder, name));
}

/** @throws ConfigError `plan.no-file` */
export function readPlanFile(file: string): string {
  if (!existsSync(file))
    throw new ConfigError('plan.no-file', `there is no file ${file}; --example prints a plan to start from`);
  return readFileSync(file, 'utf8');
}

function jsonOf(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ConfigError('plan.no-json', `${file} is not JSON (${errorMessage(error)}); correct it`, { cause: error });
  }
}
