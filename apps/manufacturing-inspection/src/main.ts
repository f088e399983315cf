import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, createJsonLogger, createRandom, errorCode, errorMessage, systemClock } from '@edge-blueprints/contracts';
import { readStationConfig } from './config.js';
import { createLineOutput } from './station/line-output.js';
import { openStation } from './station/open-station.js';
import { readVersion } from './station/read-version.js';
import { stopRequested } from './station/stop-requested.js';

const help = `Inspection station: camera -> verdict -> PLC -> records, with its page.

  node tools/run.mjs apps/manufacturing-inspection/src/main.ts --config FILE [--supervised]

  --config FILE   configuration (config/station.example.json shows every part)
  --supervised    also stop on {"command":"stop"} or the end of standard input
  --help

Environment: EDGE_OPERATOR_PIN for acts on the page (without it a random PIN stands in the ready event); bearer tokens
in the variables that mes.tokenEnv and fog.tokenEnv name. Events go to standard output, the log to standard error, as JSON lines.
`;

const events = createLineOutput(1);
const logLines = createLineOutput(2);
const emit = (event: unknown): boolean => events.write(`${JSON.stringify(event)}\n`);
const log = createJsonLogger({ write: (text) => logLines.write(text), now: () => Date.now() });

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: 'string' }, supervised: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help === true) return void events.write(help);
  if (values.config === undefined) throw new ConfigError('config.missing', `--config FILE is needed\n\n${help}`);
  const config = readStationConfig(values.config);
  const pin = process.env['EDGE_OPERATOR_PIN'];
  const operatorPin = pin ?? String(randomInt(100_000, 1_000_000));
  const stopping = stopRequested(values.supervised === true);
  const station = await openStation(config, {
    clock: systemClock,
    random: createRandom(randomInt(2 ** 32)),
    log,
    schedule: (delayMs, run) => ((timer) => () => clearTimeout(timer))(setTimeout(run, delayMs)),
    newToken: () => randomBytes(32).toString('base64url'),
    operatorPin,
    pinConfigured: pin !== undefined,
    secret: (name) => process.env[name],
    version: readVersion(join(import.meta.dirname, '../package.json')),
    emit,
  });
  const ports = { page: station.pagePort, plc: config.plc.port };
  emit({ event: 'ready', part: 'station', ports, ...(pin === undefined ? { operatorPin } : {}) });
  await Promise.race([stopping, station.ended]).finally(() => station.close());
  emit({ event: 'stopped', part: 'station' });
}

main().catch((error: unknown) => {
  log.error('station.failed', { code: errorCode(error), message: errorMessage(error) });
  emit({ event: 'failed', part: 'station', code: errorCode(error), message: errorMessage(error) });
  process.exitCode = 1;
}).finally(() => process.stdin.destroy());
