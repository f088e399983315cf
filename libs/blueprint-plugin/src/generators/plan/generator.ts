import { resolve } from 'node:path';
import type { Catalog } from '@edge-blueprints/blueprints';
import { parseConfig, UsageError } from '@edge-blueprints/contracts';
import { logger, type GeneratorCallback, type Tree } from '@nx/devkit';
import { z } from 'zod';
import { examplePlan, planFiles } from '../../lib/plan/plan-files.js';
import { readCatalog, repositoryRoot } from '../../lib/starter-source.js';
import { treeTarget } from '../../lib/tree-target.js';

export const planOptionsSchema = z.strictObject({
  /** A file, from the root of the workspace. */
  input: z.string().min(1).optional(),
  out: z.string().min(1),
  /** The plan of the repository instead of a file. */
  example: z.boolean().default(false),
});

/**
 * `nx g @edge-blueprints/blueprint-plugin:plan`: the architect's plan as JSON and as one page to read, print and edit. What is there
 * already is replaced where it differs: a plan is worked out, not edited.
 * @throws ConfigError `plan.no-file`, `plan.no-json`, `plan.invalid` before anything is written; UsageError `plan.input`
 */
export async function planGenerator(
  tree: Tree,
  input: z.input<typeof planOptionsSchema>,
  root: string = repositoryRoot,
  catalog?: Catalog,
): Promise<GeneratorCallback> {
  const { input: file, out, example } = parseConfig(planOptionsSchema, input, 'the options of plan');
  if ((file === undefined) !== example)
    throw new UsageError('plan.input', 'Give either --input FILE or --example: one plan is worked out at a time.');
  const from = file === undefined ? examplePlan(root) : resolve(tree.root, file);
  const target = treeTarget(tree, out);
  const files = planFiles(from, catalog ?? readCatalog(root));
  const changed = [...files].filter(([name, text]) => target.read(name)?.toString('utf8') !== text);
  for (const [name, text] of changed) target.write(name, Buffer.from(text));
  return () => logger.info(`${out}: ${changed.length} of ${files.size} files written; open ${out}/plan.html`);
}

export default planGenerator;
