import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '@edge-blueprints/blueprints';
import { parseConfig } from '@edge-blueprints/contracts';
import { formatFiles, logger, type GeneratorCallback, type Tree } from '@nx/devkit';
import { z } from 'zod';
import { blueprintSkeleton } from '../../lib/skeletons/blueprint-skeleton.js';
import { checkNewId, newData } from '../../lib/skeletons/new-id.js';
import { offerName } from '../../lib/skeletons/offered-names.js';
import { openFields } from '../../lib/skeletons/open-fields.js';
import { readCatalog, repositoryRoot, requireClone } from '../../lib/starter-source.js';

export const blueprintOptionsSchema = z.strictObject({
  id: z.string(),
  title: z.string().trim().min(1),
  industry: z.string().trim().min(1),
  like: z.string(),
});

/**
 * `nx g @edge-blueprints/blueprint-plugin:blueprint`: a new industry on the app of a known one, as a folder of `blueprints/` that the
 * reader takes at once. It brings the starter of that app along; its promises are planned and its figures not measured.
 * @throws ConfigError `data.new` with every problem, before anything is written; `plugin.clone-only`
 */
export async function blueprintGenerator(
  tree: Tree,
  input: z.input<typeof blueprintOptionsSchema>,
  root: string = repositoryRoot,
  catalog: Catalog = readCatalog(root),
): Promise<GeneratorCallback> {
  requireClone(root, 'blueprint', newData);
  const { id, title, industry, like } = parseConfig(blueprintOptionsSchema, input, 'the options of blueprint');
  const known = catalog.blueprints.map((each) => each.id);
  const warning = checkNewId({ kind: 'blueprint', id, known, like });
  const blueprint = blueprintSkeleton({ id, title, industry, like: catalog.blueprint(like) });
  const folder = `blueprints/${id}`;
  tree.write(`${folder}/blueprint.json`, `${JSON.stringify(blueprint, null, 2)}\n`);
  const starter = join(root, 'blueprints', like, 'starter');
  for (const entry of readdirSync(starter, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    tree.write(`${folder}/starter/${path.slice(starter.length + 1).replaceAll('\\', '/')}`, readFileSync(path));
  }
  offerName(tree, 'blueprint', id);
  await formatFiles(tree);
  return () => {
    if (warning !== undefined) logger.warn(warning);
    const fields = openFields(blueprint).join(', ');
    logger.info(
      `${folder}: a skeleton on the app of ${like}. Still to be written in blueprint.json: ${fields}; then architecture, integrations and regulation as they are there, and starter/files/docs/runbook.md.template.\nThen: node tools/run.mjs libs/blueprints/src/pages-main.ts`,
    );
  };
}

export default blueprintGenerator;
