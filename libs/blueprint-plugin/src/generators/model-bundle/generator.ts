import { resolve } from 'node:path';
import type { Catalog } from '@edge-blueprints/blueprints';
import { logger, type GeneratorCallback, type Tree } from '@nx/devkit';
import { checkModel, type ModelBundleOptions } from '../../lib/bundles/check-model.js';
import { compileBundles, requireForConversion } from '../../lib/bundles/compile-bundle.js';
import { wrapFiles } from '../../lib/bundles/wrap-files.js';
import { readCatalog, repositoryRoot, requireClone } from '../../lib/starter-source.js';
import { treeTarget } from '../../lib/tree-target.js';

/**
 * `nx g @edge-blueprints/blueprint-plugin:model-bundle`: a signed bundle of a model that was made elsewhere, or a shipped bundle
 * compiled for its targets. A target that cannot run the model is refused before anything is made.
 * @throws ConfigError `model-bundle.options`, `model-bundle.cannot-convert`, `model-bundle.no-runtime`, `plugin.clone-only`, and what the wrapper refuses
 */
export async function modelBundleGenerator(
  tree: Tree,
  input: ModelBundleOptions,
  root: string = repositoryRoot,
  catalog: Catalog = readCatalog(root),
): Promise<GeneratorCallback> {
  if (input.convert !== undefined)
    requireClone(
      root,
      'model-bundle --convert',
      'Compile there and bring the files here. Wrapping (--model) works here.',
    );
  const at = (path: string): string => resolve(tree.root, path);
  const choice = checkModel(input, catalog, at);
  if (choice.kind === 'convert') {
    requireForConversion(root, choice.conversions, process.env);
    return () => {
      for (const note of choice.notes) logger.info(note);
      compileBundles(root, choice.conversions);
    };
  }
  const folder = treeTarget(tree, choice.out);
  const settings = input.settings === undefined ? undefined : at(input.settings);
  const { files, assumed, same } = await wrapFiles({ ...choice, settings }, input, folder);
  if (!same) for (const [path, bytes] of files) folder.write(path, bytes);
  return () => {
    for (const line of [...choice.notes, ...assumed]) logger.info(line);
    logger.info(same ? `${choice.out}: holds this bundle already` : `${choice.out}: ${files.size} files written`);
    logger.info('Nothing was measured on pictures: read card.md, then docs/bring-your-own-model.md');
  };
}

export default modelBundleGenerator;
