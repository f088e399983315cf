import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, createJsonLogger, errorCode, errorMessage } from '@edge-blueprints/contracts';
import { createLineOutput, readVersion, stopRequested } from '@edge-blueprints/pipeline';
import { readStationConfig } from './config.js';
import { openStation } from './station/open-station.js';
import { machineSurroundings } from './station/surroundings.js';

const help = `Inspection station: camera -> verdict -> PLC -> records, with its page.

  node tools/run.mjs apps/manufacturing-inspection/src/main.ts --config FILE [--supervised]

  --config FILE   configuration (config/station.example.json shows every part)
  --supervised    also stop on {"command":"stop"} or the end of standard input
  --help

Environment: EDGE_OPERATOR_PIN for acts on the page (without it a random PIN stands in the ready event); bearer tokens
in the variables that mes.tokenEnv and fog.tokenEnv name. Events are JSON lines on standard output, the log on standard error.
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
  const config = readStationConfig(values.config);
  const surroundings = machineSurroundings();
  const { operatorPin, pinConfigured } = surroundings;
  const stopping = stopRequested(values.supervised === true);
  const version = readVersion(join(import.meta.dirname, '../package.json'));
  const station = await openStation(config, { ...surroundings, version, log, emit });
  const ports = { page: station.pagePort, plc: config.plc.port };
  emit({ event: 'ready', part: 'station', ports, ...(pinConfigured ? {} : { operatorPin }) });
  await Promise.race([stopping, station.ended]).finally(() => station.close());
  emit({ event: 'stopped', part: 'station' });
}

main()
  .catch((error: unknown) => {
    log.error('station.failed', { code: errorCode(error), message: errorMessage(error) });
    emit({ event: 'failed', part: 'station', code: errorCode(error), message: errorMessage(error) });
    process.exitCode = 1;
  })
  .finally(() => process.stdin.destroy());
