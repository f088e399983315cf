import { parseArgs } from 'node:util';
import { errorMessage } from '@edge-blueprints/contracts';
import { applyStarter } from './lib/apply-starter.js';
import { checkOptions } from './lib/check-options.js';
import { createFolderTarget } from './lib/folder-target.js';
import { plainName } from './lib/options.js';
import { makePacks } from './lib/packs/make-packs.js';
import { reportLines } from './lib/report-lines.js';
import { rememberedOptions } from './lib/starter-manifest.js';
import { starterFiles } from './lib/starter-files.js';
import { openStarterSource, repositoryRoot } from './lib/starter-source.js';

const help = `Writes a standalone workspace for a client, in which npm ci, npm start and npm test work on any laptop.

  npm run client-starter -- NAME --blueprint ID --target ID [options]

  --blueprint ID     a folder of blueprints/
  --target ID        a folder of blueprints/targets; several times for several targets
  --pattern NAME     on-device (default), fog or hybrid
  --directory DIR    where to (default: NAME without its scope)
  --plcRole ROLE     server or client
  --mes URL, --fhir URL, --broker URL, --fogNode URL
  --dry-run          only say what would be written
  --packs WHEN       missing (default): build and pack our packages unless that was done; always; never
`;

const text = { type: 'string' } as const;

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...{
        blueprint: text,
        pattern: text,
        directory: text,
        plcRole: text,
        mes: text,
        fhir: text,
        broker: text,
        fogNode: text,
      },
      target: { type: 'string', multiple: true },
      'dry-run': { type: 'boolean', default: false },
      packs: { type: 'string', default: 'missing' },
      help: { type: 'boolean', default: false },
    },
  });
  const { help: wantsHelp, packs, 'dry-run': dryRun, ...options } = values;
  const [name = ''] = positionals;
  if (wantsHelp || positionals.length !== 1) return void process.stdout.write(help);
  makePacks(repositoryRoot, packs, (line) => process.stdout.write(`${line}\n`));
  const source = openStarterSource();
  const input = { name, ...options, blueprint: options.blueprint ?? '', target: options.target ?? [''] };
  const choice = checkOptions(input, source.catalog, source.root);
  const folder = options.directory ?? plainName(name);
  const target = createFolderTarget(folder);
  const report = applyStarter(target, starterFiles(source, choice), {
    name,
    blueprint: choice.blueprint.id,
    folder,
    options: rememberedOptions(choice.options),
  });
  if (dryRun) process.stdout.write(`${report.written.map((path) => `would write ${folder}/${path}`).join('\n')}\n`);
  else target.flush();
  process.stdout.write(`${reportLines(report, folder)}\n`);
}

try {
  main();
} catch (error) {
  process.stderr.write(`${errorMessage(error)}\n`);
  process.exitCode = 1;
}
