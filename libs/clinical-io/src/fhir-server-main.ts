import { parseArgs } from 'node:util';
import { createJsonLogger, errorMessage, systemClock } from '@edge-blueprints/contracts';
import { startFhirServer } from './lib/server/fhir-server.js';

const help = `The embedded FHIR R4 server, for demonstration and tests.

  fhir-server-main [--port 8103] [--file DIR/fhir.jsonl] [--max-resources N] [--check-profiles] [--supervised]

  --port N            on the loopback address (default: a free one)
  --file FILE         keeps what it holds over a restart; left out, nothing outlives the process
  --max-resources N   bound of what is held (default 200000); the oldest give way, people and devices stay
  --check-profiles    checks vital-signs profiles as well; about ten times the work
  --supervised        stop when standard input ends

Standard output: one JSON line {"event":"ready","baseUrl":"...","cpuMs":N,"rssBytes":N}: what the start cost. The log is on standard error. SIGTERM stops it.
`;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      port: { type: 'string' },
      file: { type: 'string' },
      'max-resources': { type: 'string' },
      'check-profiles': { type: 'boolean' },
      supervised: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help === true) {
    process.stdout.write(help);
    return 0;
  }
  const log = createJsonLogger({ write: (line) => process.stderr.write(line), now: () => systemClock.epochMs() });
  const server = await startFhirServer(
    {
      ...(values.port === undefined ? {} : { port: Number(values.port) }),
      ...(values.file === undefined ? {} : { file: values.file }),
      ...(values['max-resources'] === undefined ? {} : { maxResources: Number(values['max-resources']) }),
      checkProfiles: values['check-profiles'] === true,
    },
    { clock: systemClock, log },
  );
  const { user, system } = process.cpuUsage();
  const cost = { cpuMs: Math.round((user + system) / 1000), rssBytes: process.memoryUsage.rss() };
  process.stdout.write(`${JSON.stringify({ event: 'ready', baseUrl: server.baseUrl, ...cost })}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', () => {
      resolve();
    });
    process.once('SIGINT', () => {
      resolve();
    });
    if (values.supervised === true) process.stdin.once('end', resolve).resume();
  });
  await server.close();
  return 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${errorMessage(error)}\n`);
    process.exit(1);
  },
);
