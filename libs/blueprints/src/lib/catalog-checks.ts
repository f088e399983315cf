import type { Blueprint } from './blueprint.js';
import type { Command, Kpi } from './kpi.js';
import { unknownName } from './nearest-name.js';
import { checkPair, type TargetEntry } from './pair.js';
import type { Problem } from './problems.js';
import { atPointer, type Workspace } from './workspace.js';

/** What a blueprint names must be in the repository: app, bundles, commands, evidence, reports, its default target. */
export function blueprintProblems(
  blueprint: Blueprint,
  file: string,
  targets: readonly TargetEntry[],
  workspace: Workspace,
): readonly Problem[] {
  const { app, models, kpis, defaultTarget } = blueprint;
  const problems: Problem[] = [];
  const tell = (field: string, message: string): number => problems.push({ file, field, message });
  if (!workspace.apps.includes(app.package)) tell('app.package', unknownName('app', app.package, workspace.apps));
  for (const [field, path] of namedFiles(blueprint)) {
    if (!workspace.has(path)) tell(field, `there is no ${path}; name a file of this repository`);
  }
  for (const [i, { bundle }] of models.entries()) {
    if (!workspace.bundles.includes(bundle))
      tell(`models.${i}.bundle`, unknownName('bundle', bundle, workspace.bundles));
  }
  for (const [field, command] of [
    ['app.demo', app.demo] as const,
    ...kpis.map((k, i) => [`kpis.${i}.command`, k.command] as const),
  ]) {
    const wrong = commandProblem(command, workspace);
    if (wrong !== undefined) tell(field, wrong);
  }
  for (const [i, kpi] of kpis.entries()) {
    const wrong = resultProblem(kpi, workspace);
    if (wrong !== undefined) tell(`kpis.${i}.result`, wrong);
  }
  const standard = targets.find(({ id }) => id === defaultTarget);
  if (standard === undefined) {
    tell(
      'defaultTarget',
      unknownName(
        'target',
        defaultTarget,
        targets.map(({ id }) => id),
      ),
    );
  } else if (problems.length === 0) {
    for (const { route, refusals } of checkPair(blueprint, standard, workspace).models) {
      if (route === null) tell('defaultTarget', `${defaultTarget} cannot run it: ${refusals.join('; ')}`);
    }
  }
  return problems;
}

function namedFiles(blueprint: Blueprint): readonly (readonly [string, string])[] {
  const { app, integrations, patterns, security, claims, sources } = blueprint;
  return [
    ['app.entry', app.entry],
    ['app.exampleConfig', app.exampleConfig],
    ...integrations.map(({ code }, i) => [`integrations.${i}.code`, code] as const),
    ...evidenceOf('integrations', integrations),
    ...evidenceOf('patterns', patterns),
    ...evidenceOf('security', security),
    ...evidenceOf('claims', claims),
    ...Object.entries(sources).flatMap(([key, { document }]) =>
      document === undefined ? [] : [[`sources.${key}.document`, document] as const],
    ),
  ];
}

const evidenceOf = (list: string, entries: readonly { readonly evidence: readonly string[] }[]) =>
  entries.flatMap(({ evidence }, i) => evidence.map((path, j) => [`${list}.${i}.evidence.${j}`, path] as const));

/** Undefined for a command that can be run here. */
export function commandProblem({ by, name, arguments: rest }: Command, workspace: Workspace): string | undefined {
  if (by === 'file')
    return workspace.has(name) ? undefined : `there is no ${name}; name a file that tools/run.mjs can run`;
  if (by === 'npm') {
    if (!workspace.scripts.includes(name)) return unknownName('script of package.json', name, workspace.scripts);
    const suite = name === 'e2e' ? rest.find((each) => !workspace.suites.includes(each)) : undefined;
    return suite === undefined ? undefined : unknownName('suite of e2e', suite, workspace.suites);
  }
  const [project = '', target = ''] = name.split(':');
  const found = atPointer(workspace.json(`${project}/project.json`), `/targets/${target}`);
  return found === undefined ? `there is no ${name}; name project:target with a project.json` : undefined;
}

function resultProblem({ result }: Kpi, workspace: Workspace): string | undefined {
  if (result.kind !== 'report') return undefined;
  if (!workspace.has(result.file)) return `there is no ${result.file}; name a report of this repository`;
  const found = atPointer(workspace.json(result.file), result.pointer);
  return typeof found === 'number'
    ? undefined
    : `${result.pointer} of ${result.file} is no number; correct the pointer`;
}

/** The value of a KPI's result; undefined where there is none. */
export function kpiValue({ result }: Kpi, workspace: Workspace): number | undefined {
  if (result.kind === 'none') return undefined;
  if (result.kind === 'printed') return result.value;
  const found = atPointer(workspace.json(result.file), result.pointer);
  return typeof found === 'number' ? found : undefined;
}

/** What target.json and hardware.json say of each other, and the files that they name. */
export function targetProblems(entry: TargetEntry, folder: string, workspace: Workspace): readonly Problem[] {
  const { target, hardware } = entry;
  const problems: Problem[] = [];
  const tell = (name: string, field: string, message: string): number =>
    problems.push({ file: `${folder}/${name}`, field, message });
  if (!workspace.has(`${folder}/recipe.md`)) tell('recipe.md', '', 'is missing; say how a bundle gets to the target');
  for (const [i, { script, operators }] of target.routes.entries()) {
    if (script !== null && !workspace.has(`${folder}/${script}`))
      tell('target.json', `routes.${i}.script`, `there is no ${script}`);
    if (operators.accelerator === '*') continue;
    const refused = 'unknown' in hardware.cannotRun ? [] : hardware.cannotRun;
    for (const [j, { operator }] of refused.entries()) {
      if (!operators.accelerator.includes(operator)) continue;
      tell(
        'hardware.json',
        `cannotRun.${j}`,
        `route ${target.routes[i]?.id} of target.json lists ${operator}; one of both is wrong`,
      );
    }
  }
  for (const [key, { document }] of Object.entries(hardware.sources)) {
    if (document !== undefined && !workspace.has(document))
      tell('hardware.json', `sources.${key}.document`, `there is no ${document}`);
  }
  for (const [i, { milliseconds, report }] of hardware.speeds.entries()) {
    if (report === undefined) continue;
    const found = atPointer(workspace.json(report.file), report.pointer);
    if (typeof found === 'number' && milliseconds !== undefined && Math.abs(found - milliseconds) < 0.005) continue;
    tell(
      'hardware.json',
      `speeds.${i}`,
      `${report.pointer} of ${report.file} says ${String(found)} ms; write that, to 0.01`,
    );
  }
  const label = labelOf(entry);
  if (target.readiness !== label) {
    tell(
      'target.json',
      'readiness',
      `is ${target.readiness}, but the speeds of hardware.json make it ${label}; correct one of them`,
    );
  }
  return problems;
}

/** measured here: a speed of this repository's own. published: somebody else's. Otherwise configuration only. */
export function labelOf({ hardware: { speeds } }: Pick<TargetEntry, 'hardware'>): TargetEntry['target']['readiness'] {
  if (speeds.some(({ label }) => label === 'measured-here')) return 'measured-here';
  return speeds.length > 0 ? 'published' : 'configuration-only';
}
