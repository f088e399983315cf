import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, createJsonLogger, errorCode, errorMessage } from '@edge-blueprints/contracts';
import { createLineOutput, readVersion, stopRequested } from '@edge-blueprints/pipeline';
import { readStoreConfig } from './config.js';
import { openStore } from './store/open-store.js';
import { machineSurroundings } from './store/surroundings.js';

const help = `Store node: cameras -> people on the floor -> private figures, with its page.

  node tools/run.mjs apps/retail-analytics/src/main.ts --config FILE [--supervised]

  --config FILE   configuration (config/store.example.json shows every part)
  --supervised    also stop on {"command":"stop"} or the end of standard input
  --help

Environment: EDGE_OPERATOR_PIN for acts on the page (without it a random PIN stands in the ready event).
Events are JSON lines on standard output, the log on standard error. Pictures, tracks and places of people are in neither.
`;
const events = createLineOutput(1);
const logLines = createLineOutput(2);
const emit = (event: unknown): boolean => events.write(`${JSON.stringify(event)}\n`);
const log = createJsonLogger({ write: (text) => logLines.write(text), now: () => Date.now() });

async function main(): Promise<void> {
  const options = { config: { type: 'string' }, supervised: { type: 'boolean' }, help: { type: 'boolean' } } as const;
  const { values } = parseArgs({ options });
  if (values.help === true) return void events.write(help);
  if (values.config === undefined) throw new ConfigError('config.missing', `--config FILE is needed\n\n${help}`);
  const config = readStoreConfig(values.config);
  const surroundings = machineSurroundings();
  const { operatorPin, pinConfigured } = surroundings;
  const stopping = stopRequested(values.supervised === true);
  const version = readVersion(join(import.meta.dirname, '../package.json'));
  const store = await openStore(config, { ...surroundings, version, log, emit });
  emit({ event: 'ready', part: 'store', ports: { page: store.pagePort }, ...(pinConfigured ? {} : { operatorPin }) });
  await Promise.race([stopping, store.ended]).finally(() => store.close());
  emit({ event: 'stopped', part: 'store' });
}

main()
  .catch((error: unknown) => {
    log.error('store.failed', { code: errorCode(error), message: errorMessage(error) });
    emit({ event: 'failed', part: 'store', code: errorCode(error), message: errorMessage(error) });
    process.exitCode = 1;
  })
  .finally(() => process.stdin.destroy());
