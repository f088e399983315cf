import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { StarterChoice } from '../check-options.js';
import { renderFolder, type StarterFiles } from '../render-template.js';
import { engineOf, starterId, takesSidecar } from '../starter-config.js';
import { templateFolder } from '../starter-source.js';
import { stationConfig, valueAt, type StationPlace } from './station-config.js';

/** Every file of a further station of a starter, in memory: configuration, compose file and unit of each target, and its page. */
export function stationFiles(root: string, choice: StarterChoice, station: StationPlace): StarterFiles {
  const { blueprint, options, recipe, targets } = choice;
  const folder = join(templateFolder, 'station');
  const files = new Map<string, Buffer>();
  const configs = targets.map(({ entry }) => `config/${recipe.config}.${station.name}.${entry.id}.json`);
  const id = starterId(options.name);
  const deploy = targets.map(({ entry }) => `deploy/${entry.id}/${station.name}.compose.yaml`);
  const units = targets.map(({ entry }) => `deploy/${entry.id}/${id}-${station.name}.service`);
  const quoted = (paths: readonly string[]): string => paths.map((path) => `\`${path}\``).join(', ');
  for (const [i, target] of targets.entries()) {
    const config = stationConfig(root, choice, target, station);
    const served =
      options.pattern !== 'fog' &&
      engineOf(target) === 'sidecar' &&
      takesSidecar(root, choice) &&
      existsSync(join(root, `blueprints/targets/${target.entry.id}/starter/compose-service.yaml.template`));
    const values = {
      ...{ id, name: options.name, title: blueprint.title, station: station.name, number: String(station.number) },
      ...{ target: target.entry.id, config: recipe.config },
      stationPort: String(valueAt(config, '/dashboard/port') ?? recipe.pagePort),
      ...{ configs: quoted(configs), units: `${quoted(deploy)}, or the unit ${quoted(units)}.` },
      shared: served ? ', and the inference server that stands there' : '',
      state: `\`.data/${station.name}/\``,
      note: 'Cameras and addresses are those of the example until then.',
    };
    files.set(configs[i] ?? '', Buffer.from(`${JSON.stringify(config, null, 2)}\n`));
    for (const [path, bytes] of renderFolder(folder, values)) files.set(path, bytes);
  }
  return files;
}
