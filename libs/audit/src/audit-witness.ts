// A witness in a process and folder of its own, best on another machine: it signs a log's checkpoint only after a proof that
// the log grew from what it signed before.
import { createJsonLogger } from '@edge-blueprints/contracts';
import { parseArgs } from 'node:util';
import { openWitness } from './lib/witness/open-witness.js';
import { serveWitness } from './lib/witness/serve-witness.js';
import { parseVkey } from './verify/note.js';

const help = `node tools/run.mjs libs/audit/src/audit-witness.ts --state DIR --name NAME --log-vkey KEY [--log-vkey KEY]

  --state DIR      its key and its memory; keep both, on a disk that the gateway does not reach
  --name NAME      such as witness.example/ward
  --log-vkey KEY   a log that it may sign for
  --host, --port   where it listens (127.0.0.1, 8443); put a proxy with TLS before it
`;

const { values } = parseArgs({
  options: {
    state: { type: 'string' },
    name: { type: 'string' },
    'log-vkey': { type: 'string', multiple: true, default: [] },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '8443' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
const logKeys = values['log-vkey'].flatMap((text) => parseVkey(text) ?? []);
const { state, name } = values;

if (values.help) process.stdout.write(help);
else if (
  state === undefined ||
  name === undefined ||
  logKeys.length === 0 ||
  logKeys.length < values['log-vkey'].length
) {
  process.stderr.write(`--state, --name and a --log-vkey that is one are needed.\n${help}`);
  process.exitCode = 2;
} else {
  const logger = createJsonLogger({ write: (line) => void process.stdout.write(line), now: () => Date.now() });
  const witness = await openWitness({ folder: state, name, logKeys, epochMs: () => Date.now() });
  const server = await serveWitness({ witness, host: values.host, port: Number(values.port), logger });
  logger.info('witness.listening', { url: server.url, vkey: witness.vkey });
  const stop = (): void => void server.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}
