// The privacy dossier of a store as one HTML file and as Markdown. Reads the configuration and what it names; the node may run.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, EdgeError, errorMessage, parseConfig, storePlanSchema } from '@edge-blueprints/contracts';
import { readStoreConfig } from '../config.js';
import { epsilon, spentBetween } from './budget-accounts.js';
import { dossierHtml, dossierMarkdown } from './dossier/blocks.js';
import { createDossier } from './dossier/dossier.js';
import { readLedgerBesideWriter } from './ledger-read.js';
import { verifyLedger } from './verify-ledger.js';

const help = `node tools/run.mjs apps/retail-analytics/src/privacy/dossier-main.ts --config FILE --out DIR

  --config FILE   the store's configuration
  --out DIR       privacy-dossier.html and privacy-dossier.md are written there
`;
const dayMs = 86_400_000;

function main(argv: readonly string[]): void {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      config: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(help);
  if (values.config === undefined || values.out === undefined)
    throw new ConfigError('config.missing', `--config FILE and --out DIR are needed\n\n${help}`);
  const config = readStoreConfig(values.config);
  const plan = parseConfig(storePlanSchema, readJson(config.plan), config.plan);
  const { folder, witnessFile } = config.privacy.ledger;
  const now = Date.now();
  const today = Math.floor(now / dayMs) * dayMs;
  const spendings = readLedgerBesideWriter(folder, witnessFile).entries.flatMap(({ entry }) =>
    entry.kind === 'reserve' ? [entry] : [],
  );
  const dossier = createDossier({
    store: config.store.id,
    simulated: config.store.simulated,
    madeAt: new Date(now).toISOString(),
    cameras: config.cameras.map(({ id, mount }) => ({ id, mount })),
    plan,
    privacy: config.privacy,
    hub: config.hub !== null,
    maxFrameAgeMs: config.perception.maxFrameAgeMs,
    pageHost: config.dashboard.host,
    calibrationPictures: config.page.calibrationPictures,
    ledger: verifyLedger(folder, {
      epsilonPerDay: config.privacy.epsilonPerDay,
      ...(witnessFile === null ? {} : { witnessFile }),
    }),
    spentToday: epsilon(spentBetween(spendings, today, today + dayMs)),
  });
  mkdirSync(values.out, { recursive: true });
  for (const [name, content] of [
    ['privacy-dossier.html', dossierHtml(dossier)],
    ['privacy-dossier.md', dossierMarkdown(dossier)],
  ] as const) {
    const file = join(values.out, name);
    writeFileSync(`${file}.next`, content);
    renameSync(`${file}.next`, file);
    console.log(file);
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new ConfigError('config.unreadable', `The floor plan ${file} cannot be read: ${errorMessage(error)}`, {
      cause: error,
    });
  }
}

try {
  main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof EdgeError) && !(error instanceof TypeError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}
