import { join } from 'node:path';
import { drawArchitecture } from '../architecture-picture.js';
import type { Catalog } from '../read-blueprints.js';
import { blueprintPage } from './blueprint-page.js';
import { readCompileReports } from './compile-reports.js';
import { targetsPage } from './targets-page.js';

export interface Page {
  /** From the root of the repository. */
  readonly file: string;
  readonly text: string;
}

/** Every file that is made from the data of `blueprints/`. */
export function makePages(catalog: Catalog, root: string): readonly Page[] {
  const reports = new Map(
    catalog.targets.map(({ id }) => [id, readCompileReports(join(root, 'blueprints/targets', id))] as const),
  );
  return [
    { file: 'docs/targets.md', text: targetsPage(catalog, reports) },
    ...catalog.blueprints.flatMap((blueprint) => [
      { file: `blueprints/${blueprint.id}/README.md`, text: blueprintPage(blueprint, catalog) },
      {
        file: `blueprints/${blueprint.id}/architecture.svg`,
        text: drawArchitecture(blueprint.architecture, blueprint.title),
      },
    ]),
  ];
}
