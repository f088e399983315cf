import { logger, type GeneratorCallback, type Tree } from '@nx/devkit';
import { applyStarter } from '../../lib/apply-starter.js';
import { reportLines } from '../../lib/report-lines.js';
import { readCatalog, repositoryRoot, type StarterSource } from '../../lib/starter-source.js';
import { checkStation, type StationOptionsInput } from '../../lib/stations/check-station.js';
import { stationFiles } from '../../lib/stations/station-files.js';
import { treeTarget } from '../../lib/tree-target.js';

/**
 * `nx g @edge-blueprints/blueprint-plugin:station`: a further station in a client's starter. Only files are added; what was changed by
 * hand stays, and `.starter.json` knows the station.
 * @throws ConfigError `starter.station` with every problem, before anything is written
 */
export async function stationGenerator(
  tree: Tree,
  input: StationOptionsInput,
  source: Pick<StarterSource, 'root' | 'catalog'> = {
    root: repositoryRoot,
    catalog: readCatalog(),
  },
): Promise<GeneratorCallback> {
  const folder = treeTarget(tree, input.directory);
  const { starter, choice, station } = checkStation(input, folder, source);
  const { name, blueprint } = starter;
  const target = choice.targets.map(({ entry }) => entry.id);
  const report = applyStarter(folder, stationFiles(source.root, choice, station), {
    ...{ name, blueprint, folder: input.directory },
    stations: { [station.name]: { number: station.number, target } },
  });
  return () => logger.info(reportLines(report, input.directory));
}

export default stationGenerator;
