import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Catalog } from '@edge-blueprints/blueprints';
import { parseConfig } from '@edge-blueprints/contracts';
import { formatFiles, logger, type GeneratorCallback, type Tree } from '@nx/devkit';
import { z } from 'zod';
import { checkNewId, newData } from '../../lib/skeletons/new-id.js';
import { offerName } from '../../lib/skeletons/offered-names.js';
import { openFields } from '../../lib/skeletons/open-fields.js';
import { targetSkeleton } from '../../lib/skeletons/target-skeleton.js';
import { readCatalog, repositoryRoot, requireClone } from '../../lib/starter-source.js';

export const targetOptionsSchema = z.strictObject({
  id: z.string(),
  title: z.string().trim().min(1),
  /** As the data sheet calls it; the title when left out. */
  part: z.string().trim().min(1).optional(),
  like: z.string().default('cpu'),
});

/**
 * `nx g @edge-blueprints/blueprint-plugin:target`: a new folder of `blueprints/targets` that the reader takes at once, labelled
 * configuration only, every fact of it unknown.
 * @throws ConfigError `data.new` with every problem, before anything is written; `plugin.clone-only`
 */
export async function targetGenerator(
  tree: Tree,
  input: z.input<typeof targetOptionsSchema>,
  root: string = repositoryRoot,
  catalog: Catalog = readCatalog(root),
): Promise<GeneratorCallback> {
  requireClone(root, 'target', newData);
  const { id, title, part = title, like } = parseConfig(targetOptionsSchema, input, 'the options of target');
  const known = catalog.targets.map((each) => each.id);
  const warning = checkNewId({ kind: 'target', id, known, like });
  const entry = catalog.target(like);
  const { target, hardware, recipe } = targetSkeleton({ id, title, part, like: entry });
  const folder = `blueprints/targets/${id}`;
  tree.write(`${folder}/target.json`, `${JSON.stringify(target, null, 2)}\n`);
  tree.write(`${folder}/hardware.json`, `${JSON.stringify(hardware, null, 2)}\n`);
  tree.write(`${folder}/recipe.md`, recipe);
  for (const { script } of target.routes)
    if (script !== null)
      tree.write(`${folder}/${script}`, readFileSync(join(root, 'blueprints/targets', like, script)));
  offerName(tree, 'target', id);
  await formatFiles(tree);
  return () => {
    if (warning !== undefined) logger.warn(warning);
    const fields = openFields(hardware).join(', ');
    logger.info(
      `${folder}: configuration only. Still to be entered in hardware.json, each with its source: ${fields}; in target.json: the routes of the accelerator, and the note.\nThen: node tools/run.mjs libs/blueprints/src/pages-main.ts`,
    );
  };
}

export default targetGenerator;
