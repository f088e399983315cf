import { logger, type GeneratorCallback, type Tree } from '@nx/devkit';
import { applyStarter } from '../../lib/apply-starter.js';
import { checkOptions } from '../../lib/check-options.js';
import { plainName, starterOptionsSchema, type StarterOptionsInput } from '../../lib/options.js';
import { reportLines } from '../../lib/report-lines.js';
import { rememberedOptions } from '../../lib/starter-manifest.js';
import { starterFiles } from '../../lib/starter-files.js';
import { openStarterSource, type StarterSource } from '../../lib/starter-source.js';
import { treeTarget } from '../../lib/tree-target.js';

/**
 * `nx g @edge-blueprints/blueprint-plugin:client-starter`. Templates are formatted already, so nothing is formatted here: the same
 * options give the same bytes whatever formatter is installed.
 * @throws ConfigError that names every wrong option, `starter.no-packs`, `starter.folder-taken`, `starter.other`
 */
export async function clientStarterGenerator(
  tree: Tree,
  input: StarterOptionsInput,
  source: StarterSource = openStarterSource(),
): Promise<GeneratorCallback> {
  const choice = checkOptions(input, source.catalog, source.root);
  const { name, blueprint, directory } = starterOptionsSchema.parse(input);
  const folder = directory ?? plainName(name);
  const report = applyStarter(treeTarget(tree, folder), starterFiles(source, choice), {
    name,
    blueprint,
    folder,
    options: rememberedOptions(choice.options),
  });
  return () => logger.info(reportLines(report, folder));
}

export default clientStarterGenerator;
