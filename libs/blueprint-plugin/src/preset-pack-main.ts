import { parseArgs } from 'node:util';
import { errorMessage } from '@edge-blueprints/contracts';
import { makePacks } from './lib/packs/make-packs.js';
import { packPreset } from './lib/packs/pack-preset.js';
import { repositoryRoot } from './lib/starter-source.js';

const help = `Packs the plugin as one tarball that stands alone, for create-nx-workspace.

  npm run preset-pack -- --out DIR [--packs missing|always|never]
`;

try {
  const { values } = parseArgs({
    options: { out: { type: 'string' }, packs: { type: 'string', default: 'missing' }, help: { type: 'boolean' } },
  });
  const say = (line: string): void => void process.stdout.write(`${line}\n`);
  if (values.out === undefined || values.help === true) say(help);
  else {
    makePacks(repositoryRoot, values.packs, say);
    const file = packPreset(repositoryRoot, values.out);
    say(`${file}\nnpx create-nx-workspace NAME --preset=@edge-blueprints/blueprint-plugin@file:${file}`);
  }
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
}
