import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from '@edge-blueprints/contracts';
import { installPackagesTask, logger, type GeneratorCallback, type Tree } from '@nx/devkit';
import { applyStarter } from '../../lib/apply-starter.js';
import { checkOptions } from '../../lib/check-options.js';
import { starterOptionsSchema, type StarterOptionsInput } from '../../lib/options.js';
import { reportLines } from '../../lib/report-lines.js';
import { starterFiles } from '../../lib/starter-files.js';
import { rememberedOptions, starterManifestFile } from '../../lib/starter-manifest.js';
import { openStarterSource, type StarterSource } from '../../lib/starter-source.js';
import { treeTarget } from '../../lib/tree-target.js';

/** create-nx-workspace hands on everything that it was called with; the rest is its own. */
const presetOptionsSchema = starterOptionsSchema.omit({ directory: true }).strip();
const sourceFolders = ['apps', 'libs', 'packages', 'src'];

/**
 * Called by `create-nx-workspace NAME --preset=...` in the empty workspace that it made: the workspace becomes a client's starter. Its
 * package.json, nx.json, README and lock file are replaced by those of the starter.
 * @throws ConfigError `starter.folder-taken` where the workspace has projects already, and every refusal of client-starter
 */
export async function presetGenerator(
  tree: Tree,
  input: Omit<StarterOptionsInput, 'directory'>,
  source: StarterSource = openStarterSource(),
): Promise<GeneratorCallback> {
  const taken = sourceFolders.filter((name) => tree.children(name).some((each) => !each.startsWith('.')));
  if (taken.length > 0 && !tree.exists(starterManifestFile))
    throw new ConfigError(
      'starter.folder-taken',
      `The workspace has projects already (${taken.join(', ')}); a preset fills an empty one. Take client-starter with --directory`,
    );
  const choice = checkOptions(presetOptionsSchema.parse(input), source.catalog, source.root);
  const identity = {
    ...{ name: choice.options.name, blueprint: choice.blueprint.id, folder: '.', adopt: true },
    options: rememberedOptions(choice.options),
  };
  const files = starterFiles(source, choice);
  const report = applyStarter(treeTarget(tree, '.'), files, identity);
  return () => {
    // The lock file is ours now: what is installed follows it. npm notes where it fetched from; the starter's own text goes back.
    installPackagesTask(tree, true);
    const lock = files.get('package-lock.json');
    if (lock !== undefined && report.written.includes('package-lock.json'))
      writeFileSync(join(tree.root, 'package-lock.json'), lock);
    logger.info(reportLines(report, '.'));
  };
}

export default presetGenerator;
