import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ConfigError, createJsonLogger, errorCode, errorMessage, fleetIdPattern } from '@edge-blueprints/contracts';
import { createLineOutput, readVersion, stopRequested } from '@edge-blueprints/pipeline';
import { readHubConfig } from './config.js';
import { hubRoles } from './hub/hub-deps.js';
import { openHub } from './hub/open-hub.js';
import { machineSurroundings } from './hub/surroundings.js';

const help = `Fleet hub: takes in what devices send, acknowledges after the commit, shows the fleet.

  node tools/run.mjs apps/fleet-hub/src/main.ts --config FILE [--role all|ingest|web] [--name NAME] [--supervised]

  --config FILE   configuration (config/hub.example.json shows the parts)
  --role ROLE     all (default): everything in this process. ingest: one of several workers behind an MQTT broker.
                  web: page, API, alerts and housekeeping without ingest. The last two need PostgreSQL.
  --name NAME     name of the ingest worker, its client is hub.NAME; each worker needs its own (default: ingest)
  --supervised    also stop on {"command":"stop"} or the end of standard input
  --help

Environment: EDGE_HUB_ADMIN_PASSWORD makes the first admin (without it, and without users, a password of this run stands in
the ready event); EDGE_HUB_METRICS_TOKEN guards /metrics; further secrets in the variables that the configuration names.
Each may also come from the file that NAME_FILE names. Events are JSON lines on standard output, the log on standard error.
`;
const events = createLineOutput(1);
const logLines = createLineOutput(2);
const emit = (event: unknown): boolean => events.write(`${JSON.stringify(event)}\n`);
const log = createJsonLogger({ write: (text) => logLines.write(text), now: () => Date.now() });

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      config: { type: 'string' },
      role: { type: 'string', default: 'all' },
      name: { type: 'string', default: 'ingest' },
      supervised: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) return void events.write(help);
  const role = hubRoles.find((each) => each === values.role);
  const problems = [
    ...(values.config === undefined ? ['--config FILE is needed'] : []),
    ...(role === undefined ? [`--role is one of ${hubRoles.join(', ')}`] : []),
    ...(fleetIdPattern.test(values.name) ? [] : ['--name is 1 to 64 of a-z, 0-9 and dash']),
  ];
  if (values.config === undefined || role === undefined || problems.length > 0)
    throw new ConfigError('config.missing', `${problems.join('; ')}\n\n${help}`);
  const config = readHubConfig(values.config);
  const stopping = stopRequested(values.supervised === true);
  const version = readVersion(join(import.meta.dirname, '../package.json'));
  const hub = await openHub(config, {
    ...machineSurroundings(process.env),
    role,
    worker: values.name,
    version,
    log,
  });
  const { pagePort: page, mqttPort: mqtt, setUpPassword } = hub;
  const ports = { ...(page === null ? {} : { page }), ...(mqtt === null ? {} : { mqtt }) };
  emit({ event: 'ready', part: 'hub', role, ports, ...(setUpPassword === null ? {} : { setUpPassword }) });
  await stopping.finally(() => hub.close());
  emit({ event: 'stopped', part: 'hub' });
}

main()
  .catch((error: unknown) => {
    log.error('hub.failed', { code: errorCode(error), message: errorMessage(error) });
    emit({ event: 'failed', part: 'hub', code: errorCode(error), message: errorMessage(error) });
    process.exitCode = 1;
  })
  .finally(() => process.stdin.destroy());
